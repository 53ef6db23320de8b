/**
 * The order of a sink's changes: where their versions come from, and how an updating changelog gets
 * versions in its own order. This package may use {@code deadletter}, {@code store}, {@code row}
 * and {@code metrics}.
 */
@NullMarked
package io.dimstore.flink.internal.sink.order;

import org.jspecify.annotations.NullMarked;
