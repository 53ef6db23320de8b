// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

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
final class EventRows {

  /**
   * The number of columns of {@link RawRecord} that a parsed event keeps: all but the timestamp's
   * type.
   */
  static final int RAW_FIELDS = RawRecord.TIME_TYPE;

  // The fields of a parsed event. After the look-back, the aggregates replace the fields of the
  // record.
  static final int EVENT_ID = 0;
  static final int USER_ID = 1;
  static final int ITEM_ID = 2;
  static final int EVENT_TYPE = 3;
  static final int QUANTITY = 4;
  static final int AMOUNT = 5;
  static final int EVENT_TIME = 6;
  static final int EVENT_FIELDS = 7;

  static final int LOOK_BACK_FIELDS = LookBackWindows.COUNT * LookBack.PER_WINDOW;

  private static final LogicalType TEXT = new VarCharType(VarCharType.MAX_LENGTH);
  private static final LogicalType BYTES = new VarBinaryType(VarBinaryType.MAX_LENGTH);
  private static final LogicalType LONG = new BigIntType();
  private static final LogicalType TIME = new LocalZonedTimestampType(3);

  /** The columns that sql/jobs/records.sql declares, in order. */
  static final RowType RAW =
      row(
          List.of(
              field("source_key", BYTES),
              field("payload", BYTES),
              field("source_topic", TEXT),
              field("source_partition", new IntType()),
              field("source_offset", LONG),
              field("source_time", TIME),
              field("source_time_type", TEXT)));

  static final RowType PARSED = parsed();

  static final RowType WITH_LOOK_BACK = withLookBack();

  private EventRows() {}

  static TypeInformation<RowData> info(RowType type) {
    return InternalTypeInfo.of(type);
  }

  private static RowType parsed() {
    List<RowType.RowField> fields = new ArrayList<>(event());
    fields.addAll(RAW.getFields().subList(0, RAW_FIELDS));
    return row(fields);
  }

  private static RowType withLookBack() {
    List<RowType.RowField> fields = new ArrayList<>(event());
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      for (int a = 0; a < LookBack.PER_WINDOW; a++) {
        fields.add(field(LookBack.column(w, a), LONG.copy(false)));
      }
    }
    return row(fields);
  }

  private static List<RowType.RowField> event() {
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
