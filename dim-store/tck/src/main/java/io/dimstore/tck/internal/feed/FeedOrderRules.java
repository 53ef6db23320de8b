// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Put;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Parallel;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** F2: the changes of one key come in the order in which they were applied. */
public abstract class FeedOrderRules {

  private static final int WRITERS = 4;
  private static final int ROUNDS = 12;

  private final Kit kit;

  public FeedOrderRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void f2aChangesOfOneKeyComeInTheirOrder() {
    Rows rows = kit.rows("feed_order");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          List<Change> history = new ArrayList<>();
          for (int i = 0; i < 12; i++) {
            Change change =
                i % 4 == 3 ? new Delete(rows.key("k"), i) : Rows.put(rows.key("k"), "v" + i, i);
            rows.write(change);
            history.add(change);
          }
          assertThat(feeds.read(latest, 12, 5).changes()).isEqualTo(history);
        });
  }

  @Test
  void f2cTheOrderHoldsWhilePartitionsAreSplitAndMerged() {
    Rows rows = kit.rows("feed_reorganised");
    Feeds.with(
        kit,
        rows.table(),
        declared ->
            kit.provoked(
                Provocation.REORGANISED,
                rows,
                Map.of(),
                (moving, end) ->
                    Feeds.with(
                        kit,
                        moving.table(),
                        feeds -> {
                          List<FeedPosition> latest = feeds.follow(Start.LATEST);
                          List<Change> history = new ArrayList<>();
                          for (int i = 0; i < 12; i++) {
                            Change change = Rows.put(rows.key("k"), "v" + i, i);
                            moving.write(change);
                            history.add(change);
                            if (i % 4 == 1) {
                              kit.harness().provoke(Provocation.REORGANISED, rows.spec()).run();
                            }
                          }
                          assertThat(feeds.read(latest, 12, 6).changes()).isEqualTo(history);
                        })));
  }

  /**
   * Writers race on the same keys. Which writes were applied is unknown, but their versions must
   * increase, and the last one must be the current row.
   */
  @Test
  void f2bVersionsOfAKeyDoNotDecreaseWhileManyWrite() {
    Rows rows = kit.rows("feed_race");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          Parallel.start(
                  IntStream.range(0, WRITERS)
                      .mapToObj(writer -> (Runnable) () -> write(rows, writer))
                      .toList())
              .join(kit.answers());
          Put last = Rows.put(rows.key("last"), "last", 1);
          rows.write(last);
          Feeds.Found found = feeds.read(latest, 9, 20);
          boolean ended =
              kit.answers()
                  .eventually(
                      () -> {
                        int before = found.changes().size();
                        feeds.step(found, 20);
                        return before == found.changes().size() && found.changes().contains(last);
                      });
          assertThat(ended).as("the feed reaches its end").isTrue();
          found
              .byKey()
              .forEach(
                  (key, changes) -> {
                    assertThat(changes).extracting(Change::version).isSorted();
                    assertThat(changes.get(changes.size() - 1)).isEqualTo(rows.get(key));
                  });
        });
  }

  private static void write(Rows rows, int writer) {
    for (int round = 0; round < ROUNDS; round++) {
      long version = (long) round * WRITERS + writer;
      rows.write(
          IntStream.range(0, 8)
              .mapToObj(k -> Rows.put(rows.key(k), "w" + writer, version))
              .toList());
    }
  }
}
