// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.lookup.job.DimensionRows;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncLookupFunction;

/**
 * An asynchronous lookup function that calls the vendors' clients, as the function of a table.
 *
 * @param function creates it for a run
 */
record AsyncArm(
    String id,
    Set<String> servers,
    Set<String> stores,
    Function<LookupContext, AsyncLookupFunction> function)
    implements LookupArm {

  @Override
  public boolean readsPlainEntries() {
    return servers.contains("redis");
  }

  @Override
  public DataStream<RowData> join(
      StreamExecutionEnvironment env, DataStream<RowData> events, LookupContext context) {
    FunctionTableFactory.register(id, function.apply(context));
    TableDescriptor table =
        TableDescriptor.forConnector(FunctionTableFactory.ID)
            .schema(DimensionRows.tableSchema())
            .option(FunctionTableFactory.ARM, id)
            .build();
    return SqlJoin.add(env, events, table, "d.", "", context);
  }

  @Override
  public double requests() {
    return SentRequests.of(id).sum();
  }
}
