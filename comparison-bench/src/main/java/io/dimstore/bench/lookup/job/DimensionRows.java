// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.Put;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the table, the events that ask for them, and the joined rows that are right. A key is
 * a number: one below {@link #size} has a row, one from there to below twice the size has none.
 * Thread-safe for events and joined rows.
 */
public final class DimensionRows {

  /** Version with which the rows are written. */
  public static final long VERSION = 1;

  /** The columns of an event: the number and the text of its key. */
  public static final DataType EVENT =
      DataTypes.ROW(
              DataTypes.FIELD("k", DataTypes.BIGINT().notNull()),
              DataTypes.FIELD("id", DataTypes.STRING()))
          .notNull();

  /** The value columns of the table. */
  public static final List<DataTypes.Field> VALUES =
      List.of(
          DataTypes.FIELD("country", DataTypes.STRING()),
          DataTypes.FIELD("level", DataTypes.INT()),
          DataTypes.FIELD("balance", DataTypes.BIGINT()),
          DataTypes.FIELD("name", DataTypes.STRING()),
          DataTypes.FIELD("note", DataTypes.STRING()),
          DataTypes.FIELD("updated_at", DataTypes.TIMESTAMP_LTZ(3)));

  /** The columns of a joined row: the number of the key, then the value columns. */
  public static final DataType JOINED =
      DataTypes.ROW(
              DataTypes.FIELD("k", DataTypes.BIGINT().notNull()),
              VALUES.get(0),
              VALUES.get(1),
              VALUES.get(2),
              VALUES.get(3),
              VALUES.get(4),
              VALUES.get(5))
          .notNull();

  private final RowWorkload workload;
  private final StringData[] keys;
  private final GenericRowData[] joined;

  private DimensionRows(RowWorkload workload, StringData[] keys, GenericRowData[] joined) {
    this.workload = workload;
    this.keys = keys;
    this.joined = joined;
  }

  /** Computes the rows of a workload. */
  public static DimensionRows of(RowWorkload workload) {
    int size = workload.rows();
    StringData[] keys = new StringData[2 * size];
    GenericRowData[] joined = new GenericRowData[2 * size];
    for (int key = 0; key < 2 * size; key++) {
      boolean exists = key < size;
      keys[key] =
          text(
              exists
                  ? (String) workload.key(key).get(0)
                  : String.format(Locale.ROOT, "none-%08d", key));
      joined[key] = joined(key, exists ? workload.put(key, VERSION) : null);
    }
    return new DimensionRows(workload, keys, joined);
  }

  /** Returns the joined row of a key, with nulls if there is no row. */
  private static GenericRowData joined(long key, @Nullable Put put) {
    GenericRowData row = new GenericRowData(1 + VALUES.size());
    row.setField(0, key);
    if (put != null) {
      for (int i = 0; i < VALUES.size(); i++) {
        row.setField(i + 1, internal(put.row().get(i)));
      }
    }
    return row;
  }

  private static @Nullable Object internal(@Nullable Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    return value instanceof Instant time ? TimestampData.fromInstant(time) : value;
  }

  private static StringData text(String text) {
    return BinaryStringData.fromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns how many rows the table has. */
  public int size() {
    return keys.length / 2;
  }

  /**
   * Notes that the row of a key has another version from now on, so that only the joined row of
   * that version is right. Between two blocks only.
   */
  public void change(int key, long version) {
    joined[key] = joined(key, workload.put(key, version));
  }

  RowData event(int key) {
    return GenericRowData.of((long) key, keys[key]);
  }

  /**
   * Returns whether a joined row is that of its key. The numbers and the time tell the rows apart;
   * the texts, which take most of the time, can be left out.
   */
  boolean isRight(RowData row, boolean withTexts) {
    GenericRowData expected = joined[(int) row.getLong(0)];
    for (int i = 1; i < expected.getArity(); i++) {
      boolean isCompared = withTexts || !isText(i) || expected.isNullAt(i) || row.isNullAt(i);
      if (isCompared && !Objects.equals(value(row, i), expected.getField(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(int column) {
    return column != 2 && column != 3 && column != 6;
  }

  private static @Nullable Object value(RowData row, int column) {
    if (row.isNullAt(column)) {
      return null;
    }
    return switch (column) {
      case 2 -> row.getInt(column);
      case 3 -> row.getLong(column);
      case 6 -> row.getTimestamp(column, 3);
      default -> row.getString(column);
    };
  }

  /** Returns the schema of a table with the key column {@code id} and the value columns. */
  public static Schema tableSchema() {
    Schema.Builder schema = Schema.newBuilder().column("id", DataTypes.STRING().notNull());
    VALUES.forEach(field -> schema.column(field.getName(), field.getDataType()));
    return schema.primaryKey("id").build();
  }

  /** Returns the type information of rows in Flink's internal form. */
  public static InternalTypeInfo<RowData> typeOf(DataType row) {
    return InternalTypeInfo.of((RowType) row.getLogicalType());
  }
}
