// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/**
 * Converts a store's rows to Flink's rows. Each row is a new object that shares nothing with other
 * rows. Thread-safe.
 */
public final class RowProducer {

  private final Projection projection;
  private final Field[] fields;

  @FunctionalInterface
  private interface Field {
    @Nullable Object read(Put put);
  }

  /** Creates a producer of rows that the store reads with {@link #projection}. */
  public RowProducer(TableLayout layout, ProducedColumns produced) {
    this(layout, produced, false);
  }

  private RowProducer(TableLayout layout, ProducedColumns produced, boolean whole) {
    int[] values = layout.values();
    List<Integer> projected = new ArrayList<>();
    this.fields = new Field[produced.size()];
    for (int i = 0; i < produced.physical().size(); i++) {
      int column = produced.physical().get(i);
      ValueToRowDataConverter converter = ValueToRowDataConverter.of(layout.types().get(column));
      int inKey = layout.key().indexOf(column);
      if (inKey >= 0) {
        fields[i] = put -> converter.convert(put.key().get(inKey));
      } else {
        int value = indexOf(values, column);
        int inRow = whole ? value : projected.size();
        projected.add(value);
        fields[i] = put -> converter.orNull(put.row().get(inRow));
      }
    }
    for (int i = 0; i < produced.metadata().size(); i++) {
      fields[produced.physical().size() + i] = field(produced.metadata().get(i));
    }
    this.projection =
        whole
            ? Projection.all(values.length)
            : Projection.of(projected.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Creates a producer of rows that have all value columns of the table. */
  public static RowProducer ofWholeRows(TableLayout layout, ProducedColumns produced) {
    return new RowProducer(layout, produced, true);
  }

  /** Returns the value columns that the store has to read. */
  public Projection projection() {
    return projection;
  }

  public RowData produce(Put put) {
    GenericRowData row = new GenericRowData(fields.length);
    for (int i = 0; i < fields.length; i++) {
      row.setField(i, fields[i].read(put));
    }
    return row;
  }

  private static Field field(DimMetadata metadata) {
    return switch (metadata) {
      case VERSION -> Put::version;
      case EXPIRY ->
          put ->
              put.expiresAtMillis() == Put.NEVER
                  ? null
                  : TimestampData.fromEpochMillis(put.expiresAtMillis());
    };
  }

  private static int indexOf(int[] values, int column) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == column) {
        return i;
      }
    }
    throw new IllegalArgumentException("No value column at " + column);
  }
}
