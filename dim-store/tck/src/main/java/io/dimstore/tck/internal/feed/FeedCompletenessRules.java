// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPosition;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** F1: a feed returns every change, and only changes that were applied. */
public abstract class FeedCompletenessRules {

  private final Kit kit;

  public FeedCompletenessRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void f1aChangesAppliedAfterTheLatestPositionAreFound() {
    Rows rows = kit.rows("feed_latest");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          List<Change> after = changes(rows, 120);
          rows.write(after);
          assertThat(feeds.read(latest, 120, 50).changes())
              .containsExactlyInAnyOrderElementsOf(after);
        });
  }

  @Test
  void f1bEarlierChangesAreFoundFromTheEarliestPosition() {
    Rows rows = kit.rows("feed_earliest");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<Change> before = changes(rows, 60);
          rows.write(before);
          assertThat(feeds.read(feeds.follow(Start.EARLIEST), 60, 7).changes())
              .containsExactlyInAnyOrderElementsOf(before);
        });
  }

  @Test
  void f1cSupersededWriteIsNotAChange() {
    Rows rows = kit.rows("feed_superseded");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          Change current = Rows.put(rows.key("k"), "current", 9);
          Change last = Rows.put(rows.key("last"), "last", 1);
          rows.write(current);
          rows.write(Rows.put(rows.key("k"), "old", 5));
          rows.delete(rows.key("k"), 8);
          rows.write(last);
          Feeds.Found found = feeds.read(latest, 2, 10);
          feeds.step(found, 10);
          assertThat(found.changes()).containsExactlyInAnyOrder(current, last);
        });
  }

  private static List<Change> changes(Rows rows, int count) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(i % 5 == 0 ? new Delete(rows.key(i), i) : Rows.put(rows.key(i), "v" + i, i));
    }
    return changes;
  }
}
