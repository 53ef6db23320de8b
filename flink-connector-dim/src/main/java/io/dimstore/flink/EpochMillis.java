package io.dimstore.flink;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/** Reads a column as milliseconds since the epoch. */
@FunctionalInterface
interface EpochMillis {

  /** The value, or null where the column is null. */
  @Nullable Long read(RowData row);

  /** Whether a column of this type can be read so. */
  static boolean isSupported(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BIGINT, TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> false;
    };
  }

  /** A reader of the column at this position; a TIMESTAMP counts as UTC. */
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
