/**
 * Lookup joins: the synchronous and the asynchronous function, and the code that they share. This
 * package may use {@code store}, {@code row} and {@code metrics}. The two functions are public
 * because Flink reads their types by reflection.
 */
@NullMarked
package io.dimstore.flink.internal.lookup;

import org.jspecify.annotations.NullMarked;
