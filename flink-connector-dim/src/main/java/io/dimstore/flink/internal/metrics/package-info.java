/**
 * The meters that count the requests to one store, for the process and for Flink's reporters. This
 * package may use {@code registry}.
 */
@NullMarked
package io.dimstore.flink.internal.metrics;

import org.jspecify.annotations.NullMarked;
