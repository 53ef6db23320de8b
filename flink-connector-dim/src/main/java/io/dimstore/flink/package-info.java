/**
 * The Flink SQL connector {@code 'connector' = 'dim'}: batched lookups, bounded scans and an upsert
 * sink for any dimension store that is on the class path.
 *
 * <p>The public API consists of this package and of the factory in {@code table}: the options in
 * {@link io.dimstore.flink.DimOptions}, the metrics in {@link io.dimstore.flink.DimMetrics}, the
 * column types in {@link io.dimstore.flink.DimTypes} and the dead letters in {@link
 * io.dimstore.flink.DeadLetterRow}. Flink's service loader finds the factory. All classes under
 * {@code internal} may change, even if they are public for use by another package.
 *
 * <p>The packages are layers. Each may use the ones after it:
 *
 * <ol>
 *   <li>{@code table}: the factory
 *   <li>{@code internal.table}: the checked declaration of a table, and the planner's source and
 *       sink
 *   <li>{@code internal.lookup}, {@code internal.source}, {@code internal.sink}: the code that runs
 *       in the tasks for a lookup join, a scan and an INSERT; none of these uses another
 *   <li>{@code internal.sink.order}: the order of the changes of a key, and their versions
 *   <li>{@code internal.sink.deadletter}: the rows that cannot be written
 *   <li>{@code internal.store}: the stores that the tables of one process share
 *   <li>{@code internal.row}, {@code internal.metrics}: conversion between Flink's rows and the
 *       values of stores; the counting of requests
 *   <li>this package: the rest of the public API
 *   <li>{@code internal.registry}: the counters of the process
 * </ol>
 */
@NullMarked
package io.dimstore.flink;

import org.jspecify.annotations.NullMarked;
