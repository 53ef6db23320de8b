// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import io.dimstore.flink.DeadLetterRow;
import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.flink.internal.row.RowText;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.TableMeter;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/** Writes invalid rows to the sink of another connector, as rows of {@link DeadLetterRow}. */
public final class DeadLetters implements InvalidRows {

  private static final int MAX_DETAIL = 1_000;

  private static final SinkWriter.Context NO_CONTEXT =
      new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
          return Long.MIN_VALUE;
        }

        @Override
        public @Nullable Long timestamp() {
          return null;
        }
      };

  private final SinkWriter<RowData> out;
  private final TableLayout layout;
  private final RowDataToValueConverter.Fields columns;
  private final InstantSource clock;
  private final TableMeter letters;
  private final SinkWriterMetricGroup metrics;

  public DeadLetters(
      DimTable table, SinkWriter<RowData> out, InstantSource clock, SinkWriterMetricGroup metrics) {
    this.out = out;
    this.layout = table.layout();
    this.columns = RowDataToValueConverter.Fields.ofAll(layout.types());
    this.clock = clock;
    this.letters = TableMeter.of(table, ConnectorMetric.ROWS_INVALID, metrics);
    this.metrics = metrics;
  }

  @Override
  public void refuse(RowData row, RefusedRow why) throws IOException, InterruptedException {
    RowText text = new RowText(row.getRowKind().shortString());
    for (int i = 0; i < columns.size(); i++) {
      text.add(layout.names().get(i), value(row, i));
    }
    StringBuilder key = new StringBuilder();
    for (int i : layout.keyPositions()) {
      key.append(key.isEmpty() ? "" : ", ").append(value(row, i));
    }
    write(why, key.toString(), text);
  }

  @Override
  public void refuse(Change change, RefusedRow why) throws IOException, InterruptedException {
    RowText text = new RowText(change instanceof Put ? "+U" : "-D");
    List<String> names = layout.names();
    Key key = change.key();
    StringBuilder keyText = new StringBuilder();
    for (int i = 0; i < key.size(); i++) {
      text.add(names.get(layout.key().get(i)), key.get(i));
      keyText.append(i == 0 ? "" : ", ").append(key.get(i));
    }
    if (change instanceof Put put) {
      int[] values = layout.values();
      for (int i = 0; i < values.length; i++) {
        text.add(names.get(values[i]), put.row().get(i));
      }
    }
    text.version(change.version());
    write(why, keyText.toString(), text);
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    out.flush(endOfInput);
  }

  @Override
  public void close() throws Exception {
    out.close();
  }

  private void write(RefusedRow why, String key, RowText row)
      throws IOException, InterruptedException {
    String detail = why.detail() + " (table '" + layout.table() + "')";
    Row letter =
        DeadLetterRow.ofTableRow(
            why.reason().code(),
            detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) : detail,
            key.getBytes(StandardCharsets.UTF_8),
            row.toString().getBytes(StandardCharsets.UTF_8),
            clock.instant());
    out.write(internal(letter), NO_CONTEXT);
    letters.add(1);
    metrics.getNumRecordsSendErrorsCounter().inc();
  }

  private @Nullable Object value(RowData row, int column) {
    try {
      return columns.get(row, column);
    } catch (ArithmeticException e) {
      return "(more digits than " + layout.types().get(column).asSummaryString() + " holds)";
    }
  }

  private static RowData internal(Row letter) {
    GenericRowData row = new GenericRowData(letter.getArity());
    for (int i = 0; i < letter.getArity(); i++) {
      Object value = letter.getField(i);
      row.setField(
          i,
          value instanceof String text
              ? StringData.fromString(text)
              : value instanceof Instant time ? TimestampData.fromInstant(time) : value);
    }
    return row;
  }
}
