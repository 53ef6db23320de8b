/**
 * The Flink SQL connector {@code 'connector' = 'dim'}: batched lookups, bounded scans and an upsert
 * sink for any dimension store that is on the class path.
 *
 * <p>The public API consists of the options in {@link io.dimstore.flink.DimOptions} and the metrics
 * in {@link io.dimstore.flink.metrics.DimMetrics}. SQL finds the connector's factory through
 * Flink's service loader. All other classes are internal and may change, even if they are public
 * for use by another package.
 *
 * <p>The packages are layers. Each may use the ones after it:
 *
 * <ol>
 *   <li>{@code table}: the factory, the checked declaration, the planner's source and sink
 *   <li>{@code lookup}, {@code source}, {@code sink}: the code that runs in the tasks; none of
 *       these uses another
 *   <li>{@code store}: the stores that the tables of one process share
 *   <li>{@code row}: conversion between Flink's rows and the values of stores
 *   <li>{@code metrics}: counters
 *   <li>this package: the options
 * </ol>
 */
@NullMarked
package io.dimstore.flink;

import org.jspecify.annotations.NullMarked;
