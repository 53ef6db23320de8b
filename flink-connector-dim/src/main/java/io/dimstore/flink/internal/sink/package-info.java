/**
 * The upsert sink: batches of changes, one write in flight per key, and versions by arrival. This
 * package may use {@code order}, {@code deadletter}, {@code store}, {@code row} and {@code
 * metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.sink;

import org.jspecify.annotations.NullMarked;
