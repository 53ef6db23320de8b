/**
 * Runs the identical feature job on every path and says what differs.
 *
 * <p>{@code compare} reads the input, starts the servers, runs each arm in a process of its own,
 * checks every result row against the other arms and the oracle, and writes {@code results.json}
 * and {@code report.html}.
 */
@NullMarked
package io.dimstore.bench;

import org.jspecify.annotations.NullMarked;
