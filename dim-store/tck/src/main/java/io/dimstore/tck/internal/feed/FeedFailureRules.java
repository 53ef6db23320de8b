// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** F5: changes that can no longer be found cause an error. */
public abstract class FeedFailureRules {

  private final Kit kit;

  public FeedFailureRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void f5aDroppedChangesFailWithTheRemedy() {
    Rows rows = provoked("feed_dropped");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> positions = feeds.follow(Start.LATEST);
          rows.write(
              Rows.put(rows.key("lost"), "x", 1),
              Rows.put(rows.key("lost2"), "x", 1),
              Rows.put(rows.key("lost3"), "x", 1));
          if (!kit.canProvoke(Provocation.CHANGES_DROPPED)) {
            return;
          }
          // One position before all dropped changes, and one among them.
          List<FeedPosition> kept = new ArrayList<>(positions);
          kept.addAll(feeds.read(positions, 1, 1).positions());
          kit.harness().provoke(Provocation.CHANGES_DROPPED, rows.spec()).run();
          for (FeedPosition position : kept) {
            StoreException failure =
                kit.answers().assertFails(Kind.NO_TABLE, () -> feeds.feed().poll(position, 10));
            assertThat(failure).hasMessageContaining("LATEST").hasMessageContaining("scan");
          }
        });
  }

  /** The remedy that the message of the error names works. */
  @Test
  void f5aAfterADropTheFeedContinuesFromNewPositions() {
    Rows rows = provoked("feed_remedied");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          rows.write(Rows.put(rows.key("lost"), "x", 1));
          if (!kit.canProvoke(Provocation.CHANGES_DROPPED)) {
            return;
          }
          kit.harness().provoke(Provocation.CHANGES_DROPPED, rows.spec()).run();
          List<FeedPosition> latest = feeds.follow(ChangeFeed.Start.LATEST);
          Put after = Rows.put(rows.key("after"), "x", 1);
          rows.write(after);
          assertThat(feeds.read(latest, 1, 10).changes()).containsExactly(after);
        });
  }

  @Test
  void f5bAPositionOfAnotherTableOrStoreIsInvalid() {
    Rows rows = kit.rows("feed_dropped");
    Rows other = kit.rows("feed_other");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          for (String text : List.of("", "x", "nosuchstore/feed/1/x", "…/feed/1/a/b/c")) {
            kit.answers()
                .assertFails(Kind.INVALID, () -> feeds.feed().poll(new FeedPosition(text), 10));
          }
          for (FeedPosition position : feeds.follow(Start.LATEST)) {
            Feeds.with(
                kit,
                other.table(),
                others ->
                    kit.answers()
                        .assertFails(Kind.INVALID, () -> others.feed().poll(position, 10)));
            kit.answers().assertFails(Kind.INVALID, () -> feeds.feed().poll(position, 0));
          }
        });
  }

  @Test
  void f5cMissingTableHasNoChanges() {
    TableSpec missing = kit.declarePlain("feed_missing");
    Feeds.with(
        kit,
        kit.store().table(missing),
        feeds ->
            kit.answers().assertFails(Kind.NO_TABLE, () -> feeds.feed().follow(Start.EARLIEST)));
  }

  @Test
  void f5eTableWhoseChangesAreNotKeptFailsWithNoTable() {
    TableSpec off = kit.harness().withoutFeed(kit.declarePlain("feed_off")).orElse(null);
    if (!Feeds.areDeclared(kit) || off == null) {
      return;
    }
    kit.answers().await(kit.store().createIfAbsent(off));
    Feeds.with(
        kit,
        kit.store().table(off),
        feeds -> {
          for (Start start : Start.values()) {
            kit.answers().assertFails(Kind.NO_TABLE, () -> feeds.feed().follow(start));
          }
        });
  }

  @Test
  void f5dClosedStoreFollowsNothing() {
    Rows rows = kit.rows("feed_dropped");
    DimensionStore another = kit.open(Map.of());
    Feeds.with(
        kit,
        rows.through(another).table(),
        feeds -> {
          ChangeFeed feed = feeds.feed();
          FeedPosition position = feeds.follow(Start.LATEST).get(0);
          another.close();
          kit.answers().assertFails(Kind.CLOSED, () -> feed.poll(position, 10));
          kit.answers().assertFails(Kind.CLOSED, () -> feed.follow(Start.LATEST));
        });
  }

  /** Returns a table through a store whose servers can be made to drop changes. */
  private Rows provoked(String table) {
    Rows rows = kit.rows(table);
    return rows.through(kit.open(kit.harness().provokedOptions()));
  }
}
