// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/**
 * Replaces each view that several INSERTs read with a stream. Flink plans each INSERT separately,
 * so a plain view would repeat the lookups in the dimensions for each INSERT. A stream is computed
 * once.
 */
final class SharedView {

  private static final Pattern CREATED =
      Pattern.compile(
          "CREATE\\s+TEMPORARY\\s+VIEW\\s+(\\w+)\\s.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private SharedView() {}

  /**
   * The stream that replaces a view.
   *
   * @param query the query that the stream computes
   */
  record Computed(Table query, DataStream<RowData> stream) {}

  /**
   * Replaces a view by a stream if the statement that was just executed created this view. Also
   * sets the uids of the operators that compute it.
   */
  static Optional<Computed> compute(StreamTableEnvironment tables, String name, String statement) {
    Matcher created = CREATED.matcher(statement);
    if (!created.matches() || !created.group(1).equalsIgnoreCase(name)) {
      return Optional.empty();
    }
    Table view = tables.sqlQuery("SELECT * FROM " + name);
    DataType row = view.getResolvedSchema().toSourceRowDataType().bridgedTo(RowData.class);
    DataStream<RowData> stream = tables.toDataStream(view, row);
    OperatorUids.ofView(name, stream.getTransformation());
    tables.dropTemporaryView(name);
    tables.createTemporaryView(name, stream);
    return Optional.of(new Computed(view, stream));
  }
}
