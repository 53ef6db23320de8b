// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.HeldTimer;
import io.dimstore.interleavings.Threads;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The pages of two parts arrive while another thread closes the follower. */
final class FeedFollowerScenario implements Runnable {

  private static final FeedPosition LEFT = new FeedPosition("left");
  private static final FeedPosition RIGHT = new FeedPosition("right");

  @Override
  public void run() {
    PendingFeed feed = new PendingFeed();
    Set<FeedPosition> handled = ConcurrentHashMap.newKeySet();
    FeedFollower follower =
        FeedFollower.start(
            feed,
            List.of(LEFT, RIGHT),
            page -> {
              handled.add(page.next().get(0));
              return CompletableFuture.completedFuture(null);
            },
            10,
            Duration.ZERO,
            new HeldTimer());
    AtomicBoolean closed = new AtomicBoolean();
    AtomicReference<List<FeedPosition>> atEnd = new AtomicReference<>(List.of());
    follower.ended().thenRun(() -> atEnd.set(follower.positions()));
    Threads.run(
        () -> arrive(feed, LEFT, closed, handled),
        () -> arrive(feed, RIGHT, closed, handled),
        () -> {
          follower.close();
          closed.set(true);
        });
    require(
        Set.copyOf(follower.positions()).equals(Set.of(now(LEFT, handled), now(RIGHT, handled))),
        "the positions are "
            + follower.positions()
            + " after pages up to "
            + handled
            + " were handled");
    require(
        atEnd.get().equals(follower.positions()),
        "the positions were " + atEnd + " when the follower ended and changed afterwards");
  }

  private static void arrive(
      PendingFeed feed, FeedPosition part, AtomicBoolean closed, Set<FeedPosition> handled) {
    boolean late = closed.get();
    feed.arrive(part);
    require(!late || !handled.contains(after(part)), "a page that arrived after close was handled");
  }

  private static FeedPosition now(FeedPosition part, Set<FeedPosition> handled) {
    return handled.contains(after(part)) ? after(part) : part;
  }

  private static FeedPosition after(FeedPosition part) {
    return new FeedPosition(part.token() + "+");
  }

  /** A feed whose polls complete when the scenario lets their page arrive. */
  private static final class PendingFeed implements ChangeFeed {

    private final CompletableFuture<FeedPage> left = new CompletableFuture<>();
    private final CompletableFuture<FeedPage> right = new CompletableFuture<>();

    void arrive(FeedPosition part) {
      polled(part)
          .complete(
              new FeedPage(List.of(new Delete(Key.of("k"), 1)), List.of(), List.of(after(part))));
    }

    private CompletableFuture<FeedPage> polled(FeedPosition part) {
      return part.equals(LEFT) ? left : right;
    }

    @Override
    public CompletionStage<List<FeedPosition>> follow(Start start) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
      return polled(position);
    }
  }
}
