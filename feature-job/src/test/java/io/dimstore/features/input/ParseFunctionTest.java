// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.job.PipelineInput;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.jobs.records.RawRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parser as Flink runs it, with a clock of the task that the test sets. */
class ParseFunctionTest {

  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);
  private static final long NOW = Instant.parse("2026-11-29T12:00:00Z").toEpochMilli();
  private static final long YEAR_2099 = Instant.parse("2099-01-01T00:00:00Z").toEpochMilli();

  private OneInputStreamOperatorTestHarness<RowData, RowData> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness(NOW);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void producerCannotPutAnEventAheadOfTheTasksClock() throws Exception {
    assertThat(accepts(harness, "CreateTime", YEAR_2099, YEAR_2099)).isFalse();
    assertThat(accepts(harness, "NoTimestampType", -1, YEAR_2099)).isFalse();
    assertThat(accepts(harness, "CreateTime", YEAR_2099, NOW + MAX_AHEAD.toMillis())).isTrue();
    assertThat(accepts(harness, "CreateTime", YEAR_2099, NOW + MAX_AHEAD.toMillis() + 1)).isFalse();
    assertThat(letters())
        .hasSize(3)
        .allSatisfy(
            letter -> {
              assertThat(letter.getField(0)).isEqualTo("too-new");
              assertThat((String) letter.getField(1))
                  .isEqualTo(
                      "event_time is more than PT5M ahead of the record's arrival at"
                          + " 2026-11-29T12:00:00Z");
              assertThat(letter.getField(7)).isEqualTo(7L);
            });
  }

  @Test
  void brokersTimestampDecidesWhereTheTopicHasIt() throws Exception {
    long stamp = NOW + Duration.ofHours(3).toMillis(); // this task's clock is behind
    assertThat(accepts(harness, "LogAppendTime", stamp, stamp + MAX_AHEAD.toMillis())).isTrue();
    assertThat(accepts(harness, "LogAppendTime", stamp, stamp + MAX_AHEAD.toMillis() + 1))
        .isFalse();
  }

  @Test
  void replayedRecordGetsTheSameVerdictYearsLater() throws Exception {
    long sent = NOW - Duration.ofDays(500).toMillis();
    for (String type : List.of("CreateTime", "LogAppendTime")) {
      for (long clock : new long[] {sent + 10, NOW, YEAR_2099}) {
        try (OneInputStreamOperatorTestHarness<RowData, RowData> task = harness(clock)) {
          assertThat(accepts(task, type, sent, sent + MAX_AHEAD.toMillis())).isTrue();
          assertThat(accepts(task, type, sent, sent + MAX_AHEAD.toMillis() + 1)).isFalse();
        }
      }
    }
  }

  private List<Row> letters() {
    List<Row> rows = new ArrayList<>();
    harness.getSideOutput(RawRecord.DEAD_LETTERS).forEach(record -> rows.add(record.getValue()));
    return rows;
  }

  private static OneInputStreamOperatorTestHarness<RowData, RowData> harness(long clock)
      throws Exception {
    OneInputStreamOperatorTestHarness<RowData, RowData> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new ParseFunction(MAX_AHEAD)));
    harness.setProcessingTime(clock);
    harness.open();
    return harness;
  }

  private static boolean accepts(
      OneInputStreamOperatorTestHarness<RowData, RowData> task,
      String timeType,
      long recordTime,
      long eventTime)
      throws Exception {
    GenericRowData raw = new GenericRowData(EventRows.RAW.getFieldCount());
    raw.setField(RawRecord.KEY, "u".getBytes(UTF_8));
    raw.setField(
        RawRecord.PAYLOAD,
        PipelineInput.json(new OracleEvent("e", "u", "i", "buy", 1, 100, eventTime)));
    raw.setField(RawRecord.TOPIC, StringData.fromString("events"));
    raw.setField(RawRecord.PARTITION, 0);
    raw.setField(RawRecord.OFFSET, 7L);
    raw.setField(RawRecord.TIME, TimestampData.fromEpochMillis(recordTime));
    raw.setField(RawRecord.TIME_TYPE, StringData.fromString(timeType));
    task.processElement(new StreamRecord<>(raw));
    Queue<Object> output = task.getOutput();
    boolean accepted = !output.isEmpty();
    output.clear();
    return accepted;
  }
}
