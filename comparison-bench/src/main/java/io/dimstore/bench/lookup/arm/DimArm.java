// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.DimOptions;
import java.util.Set;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.connector.source.lookup.LookupOptions;
import org.apache.flink.table.data.RowData;

/** A table of dimstore's connector, with the defaults of the connector and the store. */
record DimArm(String id, String store, Set<String> servers, Mode mode) implements LookupArm {

  /** The estimated heap of a cached row of the workload. */
  private static final long BYTES_PER_ROW = 650;

  /** How Flink calls the connector. */
  enum Mode {
    ASYNC,
    SYNC,
    /** Asynchronous, with the connector's cache of rows. */
    CACHED,
    /** Asynchronous, with the connector's cache of the whole table, which follows its changes. */
    WHOLE
  }

  @Override
  public Set<String> stores() {
    return Set.of(store);
  }

  @Override
  public DataStream<RowData> join(
      StreamExecutionEnvironment env, DataStream<RowData> events, LookupContext context) {
    TableDescriptor.Builder table =
        TableDescriptor.forConnector("dim")
            .schema(DimensionRows.tableSchema())
            .option("store", store)
            .option("table", LookupContext.TABLE);
    context
        .servers()
        .options(store)
        .forEach((name, value) -> table.option(store + "." + name, value));
    if (mode == Mode.CACHED) {
      table
          .option(LookupOptions.CACHE_TYPE, LookupOptions.LookupCacheType.PARTIAL)
          .option(
              DimOptions.LOOKUP_CACHE_MAX_BYTES,
              new MemorySize((long) context.cachedRows() * BYTES_PER_ROW))
          .option(DimOptions.LOOKUP_CACHE_MAX_AGE, LookupContext.CACHED_FOR)
          .option(DimOptions.LOOKUP_CACHE_ABSENT_MAX_AGE, LookupContext.CACHED_FOR)
          .option(DimOptions.LOOKUP_CACHE_FOLLOW, false);
    }
    if (mode == Mode.WHOLE) {
      table
          .option(store + ".change-feed", "true")
          .option(LookupOptions.CACHE_TYPE, LookupOptions.LookupCacheType.FULL)
          .option(
              DimOptions.LOOKUP_CACHE_MAX_BYTES,
              new MemorySize((long) context.cachedRows() * 2 * BYTES_PER_ROW));
    }
    String hint = mode == Mode.SYNC ? "'async'='false'" : "";
    return SqlJoin.add(env, events, table.build(), "d.", hint, context);
  }

  @Override
  public double requests() {
    return servers.isEmpty()
        ? 0
        : DimMetrics.snapshot().sum("store." + store + ".", ".get." + DimMetrics.REQUESTS);
  }
}
