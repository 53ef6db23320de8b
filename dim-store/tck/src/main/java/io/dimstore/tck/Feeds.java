// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows the changes of a table and waits for each answer. */
final class Feeds {

  private final Kit kit;
  private final ChangeFeed feed;

  private Feeds(Kit kit, ChangeFeed feed) {
    this.kit = kit;
    this.feed = feed;
  }

  static boolean areDeclared(Kit kit) {
    return kit.harness().capabilities().contains(ChangeFeed.class);
  }

  /**
   * Runs a test with the feed of a table, if the harness declares a feed. R11f tests that a table
   * without a declared feed has none.
   */
  static void with(Kit kit, DimensionTable table, Consumer<Feeds> test) {
    if (areDeclared(kit)) {
      Optional<ChangeFeed> found = table.capability(ChangeFeed.class);
      assertThat(found).as("a declared ChangeFeed").isPresent();
      test.accept(new Feeds(kit, found.get()));
    }
  }

  ChangeFeed feed() {
    return feed;
  }

  List<FeedPosition> follow(Start start) {
    List<FeedPosition> positions = kit.answers().await(feed.follow(start));
    assertThat(positions).as("positions").isNotEmpty();
    return positions;
  }

  FeedPage poll(FeedPosition position, int most) {
    FeedPage page = kit.answers().await(feed.poll(position, most));
    assertThat(page.unreadable()).as("changes that cannot be read").isEmpty();
    return page;
  }

  /** Polls from these positions until the expected number of changes is found. */
  Found read(List<FeedPosition> positions, int expected, int most) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(positions));
    boolean all =
        kit.answers()
            .eventually(
                () -> {
                  step(found, most);
                  return found.changes.size() >= expected;
                });
    assertThat(all).as("%d changes are found; found were %s", expected, found.changes).isTrue();
    return found;
  }

  /** Polls every position once. */
  void step(Found found, int most) {
    List<FeedPosition> before = List.copyOf(found.positions);
    found.positions.clear();
    for (FeedPosition position : before) {
      // Passes only the text on, as from a checkpoint.
      FeedPage page = poll(new FeedPosition(position.token()), most);
      found.changes.addAll(page.changes());
      found.positions.addAll(page.next());
    }
  }

  /**
   * The changes that were found, and the positions from which to continue.
   *
   * @param changes in the order in which they were found
   * @param positions the next positions
   */
  record Found(List<Change> changes, List<FeedPosition> positions) {

    /** Returns the changes of each key, in the order in which they were found. */
    Map<Key, List<Change>> byKey() {
      Map<Key, List<Change>> byKey = new HashMap<>();
      for (Change change : changes) {
        byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(change);
      }
      return byKey;
    }
  }
}
