/**
 * The reference store: every rule of the contract in plain maps of one process. Tests run on it,
 * and in comparisons it is the floor: what a job costs when lookups are free.
 *
 * <p>{@link io.dimstore.memory.MemoryStoreFactory} opens it; {@link
 * io.dimstore.memory.MemoryStores} forgets what a named instance holds. All else is internal.
 */
@NullMarked
package io.dimstore.memory;

import org.jspecify.annotations.NullMarked;
