// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** F3: a position can be stored, and returns the same changes again. */
public abstract class FeedPositionRules {

  private final Kit kit;

  public FeedPositionRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void f3aPositionPolledAgainReturnsTheSameChanges() {
    Rows rows = kit.rows("feed_again");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          List<Change> written = puts(rows, 30);
          rows.write(written);
          assertThat(feeds.read(latest, 30, 10).changes())
              .containsExactlyInAnyOrderElementsOf(written);
          Feeds.Found again = feeds.read(latest, 30, 30);
          assertThat(again.changes()).containsExactlyInAnyOrderElementsOf(written);
          for (FeedPosition end : again.positions()) {
            assertThat(feeds.poll(end, 10).changes()).as("after the end").isEmpty();
          }
        });
  }

  @Test
  void f3bAnotherStoreContinuesFromAPosition() {
    Rows rows = kit.rows("feed_resumed");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<Change> written = puts(rows, 40);
          List<FeedPosition> positions = feeds.follow(Start.LATEST);
          rows.write(written.subList(0, 25));
          Feeds.Found first = feeds.read(positions, 10, 3);
          Rows other = rows.through(kit.open(Map.of()));
          rows.write(written.subList(25, 40));
          List<Change> all = new ArrayList<>(first.changes());
          Feeds.with(
              kit,
              other.table(),
              more ->
                  all.addAll(
                      more.read(first.positions(), 40 - first.changes().size(), 100).changes()));
          assertThat(all).containsExactlyInAnyOrderElementsOf(written);
        });
  }

  @Test
  void f3cPageHasAtMostTheRequestedChangesAndTheNextContinues() {
    Rows rows = kit.rows("feed_pages");
    Feeds.with(
        kit,
        rows.table(),
        feeds -> {
          List<FeedPosition> latest = feeds.follow(Start.LATEST);
          List<Change> written = puts(rows, 9);
          rows.write(written);
          Feeds.Found found = feeds.read(latest, 9, 1);
          assertThat(found.changes()).containsExactlyInAnyOrderElementsOf(written);
          for (int most : new int[] {1, 4}) {
            for (FeedPosition position : latest) {
              FeedPage page = feeds.poll(position, most);
              assertThat(page.changes().size() + page.unreadable().size())
                  .as("changes of a page of at most %d", most)
                  .isLessThanOrEqualTo(most);
            }
          }
          for (FeedPosition position : found.positions()) {
            FeedPage page = feeds.poll(position, 1);
            assertThat(page.next()).as("next positions of an open part").isNotEmpty();
          }
        });
  }

  private static List<Change> puts(Rows rows, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Change) Rows.put(rows.key(i), "v" + i, i))
        .toList();
  }
}
