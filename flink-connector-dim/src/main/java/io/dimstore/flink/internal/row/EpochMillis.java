// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/** Reads a column as milliseconds since the epoch. */
@FunctionalInterface
public interface EpochMillis {

  /** Returns the value, or null if the column is null. */
  @Nullable Long read(RowData row);

  /** Returns whether a column of this type can be read as milliseconds since the epoch. */
  static boolean isSupported(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BIGINT, TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> false;
    };
  }

  /** Returns a reader of the column at this position. A TIMESTAMP is interpreted as UTC. */
  static EpochMillis at(int position, LogicalType type) {
    RowData.FieldGetter getter = RowData.createFieldGetter(type.copy(true), position);
    return row -> {
      Object value = getter.getFieldOrNull(row);
      if (value instanceof TimestampData time) {
        return time.getMillisecond();
      }
      return (Long) value;
    };
  }
}
