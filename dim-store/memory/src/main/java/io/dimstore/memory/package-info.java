/**
 * The reference store, which implements every rule of the contract with plain maps in one process.
 * Tests use it. In comparisons it shows the cost of a job whose lookups cost almost nothing.
 *
 * <p>{@link io.dimstore.memory.MemoryStoreFactory} opens the store. {@link
 * io.dimstore.memory.MemoryStores} removes the data of a named instance. All other classes are
 * internal.
 */
@NullMarked
package io.dimstore.memory;

import org.jspecify.annotations.NullMarked;
