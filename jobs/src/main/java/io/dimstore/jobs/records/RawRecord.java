// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import io.dimstore.flink.DeadLetterRow;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * An unparsed record of a topic. If a job refuses the record, the dead letter contains it
 * unchanged.
 *
 * @param key the record's key, or null
 * @param payload the record's value, or null
 * @param place its position in Kafka
 */
public record RawRecord(
    byte @Nullable [] key, byte @Nullable [] payload, DeadLetterRow.Place place) {

  // The columns of the tables that sql/jobs/records.sql declares.
  public static final int KEY = 0;
  public static final int PAYLOAD = 1;
  public static final int TOPIC = 2;
  public static final int PARTITION = 3;
  public static final int OFFSET = 4;
  public static final int TIME = 5;
  public static final int TIME_TYPE = 6;

  /** The side output to which parsers emit dead letters. */
  public static final OutputTag<Row> DEAD_LETTERS =
      new OutputTag<>("dead-letters", DeadLetterRow.TYPE);

  /** Returns the record in a row with these columns. */
  public static RawRecord of(Row row) {
    return new RawRecord(
        (byte[]) row.getField(KEY),
        (byte[]) row.getField(PAYLOAD),
        new DeadLetterRow.Place(
            field(row, TOPIC, String.class),
            field(row, PARTITION, Integer.class),
            field(row, OFFSET, Long.class),
            field(row, TIME, Instant.class)));
  }

  /**
   * Returns the record in a row that has these columns among others.
   *
   * @param at the position of the first of them
   */
  public static RawRecord of(RowData row, int at) {
    return new RawRecord(
        bytes(row, at + KEY),
        bytes(row, at + PAYLOAD),
        new DeadLetterRow.Place(
            row.getString(at + TOPIC).toString(),
            row.getInt(at + PARTITION),
            row.getLong(at + OFFSET),
            row.getTimestamp(at + TIME, 3).toInstant()));
  }

  /** Returns the dead letter of this record. */
  public Row deadLetter(BadRecord.Reason reason, String detail) {
    return DeadLetterRow.of(reason.code(), detail, key, payload, place);
  }

  private static <T> T field(Row row, int position, Class<T> type) {
    return type.cast(Objects.requireNonNull(row.getField(position)));
  }

  private static byte @Nullable [] bytes(RowData row, int position) {
    return row.isNullAt(position) ? null : row.getBinary(position);
  }
}
