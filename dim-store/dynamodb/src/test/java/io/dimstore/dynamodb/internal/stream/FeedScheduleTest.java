// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests with many random histories that no change is lost without an error. For more of them:
 * {@code -Ddimstore.feed-schedules=1000 -Ddimstore.seed=1}.
 */
class FeedScheduleTest {

  private static final TableSpec SPEC =
      new TableSpec(
          "fake",
          List.of(new Column("k", DataType.STRING), new Column("n", DataType.Simple.INT)),
          List.of("k"));

  @Test
  void noChangeIsLostWithoutAnError() throws IOException {
    int schedules = Integer.getInteger("dimstore.feed-schedules", 12);
    long first = Long.getLong("dimstore.seed", 1);
    int losses = 0;
    int kills = 0;
    int splits = 0;
    int changes = 0;
    for (long seed = first; seed < first + schedules; seed++) {
      // Some streams and their first shards are new.
      boolean young = seed % 3 == 0;
      try (FakeStreams streams =
              new FakeStreams(LocalDateTime.now(ZoneOffset.UTC).minusDays(young ? 0 : 40));
          DimensionStore store = StreamFeedTest.opened(streams)) {
        FeedSchedule schedule = new FeedSchedule(seed, streams, (ChangeFeed) store.table(SPEC));
        schedule.run(young);
        losses += schedule.losses;
        kills += schedule.kills;
        splits += schedule.splits;
        changes += schedule.changes;
      }
    }
    System.out.printf(
        "%d histories from seed %d: %d changes, %d splits, %d kills, %d times told that changes are"
            + " lost%n",
        schedules, first, changes, splits, kills, losses);
    assertThat(splits).isPositive();
    assertThat(kills).isPositive();
  }
}
