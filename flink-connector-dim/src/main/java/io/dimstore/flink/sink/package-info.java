/**
 * The upsert sink: versions, the order of changes per key, and dead letters. This package may use
 * {@code store}, {@code row} and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.sink;

import org.jspecify.annotations.NullMarked;
