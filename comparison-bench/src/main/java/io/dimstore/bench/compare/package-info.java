/**
 * Runs the same feature job on every path and reports the differences.
 *
 * <p>{@code compare} reads the input, starts the servers and runs each arm in its own process. It
 * compares every result row with the other arms and with the oracle. Then it writes {@code
 * results.json} and {@code report.html}.
 */
@NullMarked
package io.dimstore.bench.compare;

import org.jspecify.annotations.NullMarked;
