// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.Put;
import java.time.Instant;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class BlockFeedTest {

  private static final RowWorkload WORKLOAD = new RowWorkload(1, 100);

  private final BlockFeed feed = BlockFeed.create("test", DimensionRows.of(WORKLOAD));

  @Test
  void rightRowsAreRight() {
    feed.joined(row(7));
    GenericRowData none = new GenericRowData(7);
    none.setField(0, 150L);
    feed.joined(none);
    assertThat(feed.wrong()).isZero();
  }

  @Test
  void aRowWithOneWrongColumnIsWrong() {
    for (int column = 1; column < 7; column++) {
      BlockFeed one = BlockFeed.create("test", DimensionRows.of(WORKLOAD));
      GenericRowData row = row(7);
      row.setField(column, row(8).getField(column));
      one.joined(row);
      assertThat(one.wrong()).as("column %d", column).isEqualTo(1);
    }
  }

  @Test
  void eachRowIsComparedByItsNumbersAndSomeByTheirTexts() {
    for (int i = 0; i < 160; i++) {
      GenericRowData row = row(7);
      row.setField(i < 80 ? 3 : 4, row(8).getField(i < 80 ? 3 : 4));
      feed.joined(row);
    }
    assertThat(feed.wrong()).isEqualTo(80 + 80 / 16);
    assertThat(feed.firstWrong()).contains("7");
  }

  @Test
  void aRowOfAKeyWithoutOneIsWrong() {
    GenericRowData row = row(7);
    row.setField(0, 150L);
    feed.joined(row);
    assertThat(feed.wrong()).isEqualTo(1);
  }

  @Test
  void aBlockInWhichARowCameTwiceAndAnotherIsMissingFails() {
    Thread job =
        new Thread(
            () -> {
              while (feed.block().keys().length != 2) {
                Thread.onSpinWait();
              }
              feed.joined(row(3));
              feed.joined(row(3));
            });
    job.setDaemon(true);
    job.start();
    assertThatThrownBy(() -> feed.run("test", new int[] {3, 4}))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("lost events");
  }

  @Test
  void aJobThatHasFailedEndsTheBlockWithItsCause() {
    feed.fail(new IllegalStateException("no room"));
    assertThatThrownBy(() -> feed.run("test", new int[] {3, 4}))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("no room");
  }

  private static GenericRowData row(int key) {
    Put put = WORKLOAD.put(key, DimensionRows.VERSION);
    GenericRowData row = new GenericRowData(7);
    row.setField(0, (long) key);
    for (int i = 0; i < 6; i++) {
      Object value = put.row().get(i);
      row.setField(
          i + 1,
          value instanceof String text
              ? StringData.fromString(text)
              : value instanceof Instant time ? TimestampData.fromInstant(time) : value);
    }
    return row;
  }
}
