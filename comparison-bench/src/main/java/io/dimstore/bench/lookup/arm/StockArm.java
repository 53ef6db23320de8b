// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.lookup.job.DimensionRows;
import java.util.Set;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.data.RowData;

/** Flink's own connector {@code hbase-2.2} on the HBase table that dimstore has written. */
record StockArm(String id, boolean async) implements LookupArm {

  @Override
  public Set<String> stores() {
    return Set.of("hbase-redis");
  }

  @Override
  public Set<String> servers() {
    return Set.of("hbase", "redis");
  }

  @Override
  public DataStream<RowData> join(
      StreamExecutionEnvironment env, DataStream<RowData> events, LookupContext context) {
    Schema schema =
        Schema.newBuilder()
            .column("id", DataTypes.STRING().notNull())
            .column("f", DataTypes.ROW(DimensionRows.VALUES))
            .primaryKey("id")
            .build();
    TableDescriptor table =
        TableDescriptor.forConnector("hbase-2.2")
            .schema(schema)
            .option("table-name", LookupContext.TABLE)
            .option("zookeeper.quorum", context.servers().requireHBase().address())
            .option("lookup.async", Boolean.toString(async))
            .build();
    return SqlJoin.add(env, events, table, "d.f.", "", context);
  }

  @Override
  public double requests() {
    return 0;
  }

  @Override
  public boolean isCountedByHBase() {
    return true;
  }
}
