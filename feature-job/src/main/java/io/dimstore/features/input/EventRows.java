// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.records.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/**
 * The rows that are passed between the SQL parts and the operators, and the indexes of their
 * fields.
 */
public final class EventRows {

  /**
   * The number of columns of {@link RawRecord} that a parsed event keeps: all but the timestamp's
   * type.
   */
  static final int RAW_FIELDS = RawRecord.TIME_TYPE;

  // The fields of a parsed event. The fields of its record follow them. After the look-back, the
  // aggregates replace the fields of the record.
  public static final int EVENT_ID = 0;
  public static final int USER_ID = 1;
  public static final int ITEM_ID = 2;
  public static final int EVENT_TYPE = 3;
  public static final int QUANTITY = 4;
  public static final int AMOUNT = 5;
  public static final int EVENT_TIME = 6;
  public static final int EVENT_FIELDS = 7;

  private static final LogicalType TEXT = new VarCharType(VarCharType.MAX_LENGTH);
  private static final LogicalType BYTES = new VarBinaryType(VarBinaryType.MAX_LENGTH);
  private static final LogicalType LONG = new BigIntType();
  private static final LogicalType TIME = new LocalZonedTimestampType(3);

  /** The columns that sql/jobs/records.sql declares, in order. */
  public static final RowType RAW =
      row(
          List.of(
              field("source_key", BYTES),
              field("payload", BYTES),
              field("source_topic", TEXT),
              field("source_partition", new IntType()),
              field("source_offset", LONG),
              field("source_time", TIME),
              field("source_time_type", TEXT)));

  public static final RowType PARSED = parsed();

  private EventRows() {}

  /** Returns the type information of rows of this type. */
  public static TypeInformation<RowData> info(RowType type) {
    return InternalTypeInfo.of(type);
  }

  private static RowType parsed() {
    List<RowType.RowField> fields = new ArrayList<>(event());
    fields.addAll(RAW.getFields().subList(0, RAW_FIELDS));
    return row(fields);
  }

  /** Returns the fields of an event, at the positions that the constants name. */
  public static List<RowType.RowField> event() {
    return List.of(
        field("event_id", TEXT.copy(false)),
        field("user_id", TEXT.copy(false)),
        field("item_id", TEXT.copy(false)),
        field("event_type", TEXT.copy(false)),
        field("quantity", LONG.copy(false)),
        field("amount", LONG.copy(false)),
        field("event_time", TIME.copy(false)));
  }

  private static RowType.RowField field(String name, LogicalType type) {
    return new RowType.RowField(name, type);
  }

  private static RowType row(List<RowType.RowField> fields) {
    return new RowType(false, fields);
  }
}
