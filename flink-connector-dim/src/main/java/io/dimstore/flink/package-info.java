/**
 * The Flink SQL connector {@code 'connector' = 'dim'}: batched lookup, bounded scan and upsert sink
 * over any dimension store that is on the class path.
 *
 * <p>What others may use: {@link io.dimstore.flink.DimTableFactory} (through SQL), {@link
 * io.dimstore.flink.DimOptions}, {@link io.dimstore.flink.DimMetrics} and {@link
 * io.dimstore.flink.OptionsReference}; for programs that run files of SQL {@link
 * io.dimstore.flink.SqlTemplate}, {@link io.dimstore.flink.SqlScript} and {@link
 * io.dimstore.flink.DeadLetterRow}. Everything else is internal, also where Flink needs it public.
 */
@NullMarked
package io.dimstore.flink;

import org.jspecify.annotations.NullMarked;
