/**
 * The command {@code compare}, which runs the same feature job on every path and reports the
 * differences. It reads the input, starts the servers and runs each arm in its own process. It
 * compares every result row with the other arms and with the oracle. Then it writes {@code
 * results.json} and {@code report.html}.
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>this package: the command line
 *   <li>{@code run}: the comparison, arm after arm
 *   <li>{@code process}: the process in which an arm runs
 *   <li>{@code report}: results, page and table; {@code oracle}: the input and the expected rows
 *   <li>{@code settings}: sizes, and what the user requested
 *   <li>{@code arm}: the declared arms
 * </ol>
 */
@NullMarked
package io.dimstore.bench.compare;

import org.jspecify.annotations.NullMarked;
