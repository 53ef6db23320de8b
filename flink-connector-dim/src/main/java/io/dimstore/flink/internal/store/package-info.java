/**
 * The stores that the tables of one process share, with their threads, retries and lookup batches.
 * This package may use {@code row} and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.store;

import org.jspecify.annotations.NullMarked;
