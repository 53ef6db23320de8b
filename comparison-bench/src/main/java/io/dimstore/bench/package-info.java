/**
 * The commands that measure.
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>this package: the main class and the groups of commands
 *   <li>{@code compare}: the comparison of the feature job on every path; {@code job}: what an
 *       event costs that job, against the same work without Flink, with the processes, the SQL and
 *       the oracle of {@code compare}; {@code lookup}: lookup joins on one table, against Flink's
 *       own connector and functions written by hand; {@code store}: the benchmarks of each store
 *       against the plain clients; {@code fixture.hbaseredis} and {@code fixture.dynamodb}: what is
 *       measured of one store, found by the service loader
 *   <li>{@code fixture}: a store beside plain clients
 *   <li>{@code report}: JSON; pages and tables are those of {@code io.dimstore.cli.report}
 *   <li>{@code measure}: time, CPU, interleaved blocks, latencies, request counts; {@code stats}:
 *       medians with intervals, and verdicts
 *   <li>{@code workload}: seeded rows, closed and open loops
 *   <li>{@code subject}: what is measured
 * </ol>
 *
 * <p>The packages below {@code compare}, {@code job}, {@code lookup} and {@code store} are the
 * measuring library: no command has clocks, statistics or report writers of its own.
 */
@NullMarked
package io.dimstore.bench;

import org.jspecify.annotations.NullMarked;
