// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.lookup.job.DimensionRows;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.data.RowData;

/** A lookup join in SQL with a table of any connector. */
final class SqlJoin {

  private SqlJoin() {}

  /**
   * Adds the join.
   *
   * @param dimension the table, with the key column {@code id}
   * @param prefix what precedes the name of a value column in the query, for instance {@code d.}
   * @param hint options of the LOOKUP hint beside the table, or an empty text for none
   */
  static DataStream<RowData> add(
      StreamExecutionEnvironment env,
      DataStream<RowData> events,
      TableDescriptor dimension,
      String prefix,
      String hint,
      LookupContext context) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    tables
        .getConfig()
        .set(ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY, context.inFlight())
        .set(ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_TIMEOUT, LookupContext.TIMEOUT);
    tables.createTemporaryView(
        "events",
        events,
        Schema.newBuilder()
            .column("k", DataTypes.BIGINT().notNull())
            .column("id", DataTypes.STRING())
            .columnByExpression("pt", "PROCTIME()")
            .build());
    tables.createTemporaryTable("dims", dimension);
    String values =
        DimensionRows.VALUES.stream()
            .map(field -> prefix + field.getName())
            .collect(Collectors.joining(", "));
    Table joined =
        tables.sqlQuery(
            "SELECT "
                + (hint.isEmpty() ? "" : "/*+ LOOKUP('table'='d', " + hint + ") */ ")
                + "e.k, "
                + values
                + " FROM events AS e LEFT JOIN dims FOR SYSTEM_TIME AS OF e.pt AS d ON e.id = d.id");
    return tables.toDataStream(joined, DimensionRows.JOINED.bridgedTo(RowData.class));
  }
}
