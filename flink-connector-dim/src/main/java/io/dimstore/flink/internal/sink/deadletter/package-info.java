/**
 * The rows that a sink cannot write: why they are refused, and the table for dead letters to which
 * they go. This package may use {@code store}, {@code row} and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.sink.deadletter;

import org.jspecify.annotations.NullMarked;
