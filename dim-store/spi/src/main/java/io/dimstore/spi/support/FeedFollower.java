// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a {@link ChangeFeed} until it is closed. It polls every part, one page of a part at a
 * time, passes the pages to a handler, and tracks the positions up to which pages were handled. It
 * retries polls that fail with a retryable kind; any other failure ends it, and fails {@link
 * #ended}. Blocks no thread. Thread-safe.
 */
public final class FeedFollower implements AutoCloseable {

  private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final ChangeFeed feed;
  private final Function<FeedPage, ? extends CompletionStage<?>> handler;
  private final int maxChanges;
  private final long idleNanos;
  private final RetryTimer retries;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  /**
   * Each position with the {@code System.nanoTime} up to which its part was read. Its lock guards
   * the fields below.
   */
  private final Map<FeedPosition, Long> positions = new LinkedHashMap<>();

  /** The number of pages that the handler has and whose positions do not show it yet. */
  private int inHand;

  private boolean ending;
  private @Nullable Throwable failure;

  private FeedFollower(
      ChangeFeed feed,
      Function<FeedPage, ? extends CompletionStage<?>> handler,
      int maxChanges,
      Duration idle,
      ScheduledExecutorService timer) {
    this.feed = feed;
    this.handler = handler;
    this.maxChanges = maxChanges;
    this.idleNanos = idle.toNanos();
    this.retries = new RetryTimer(timer);
  }

  /**
   * Begins to follow.
   *
   * @param positions where to begin: from {@link ChangeFeed#follow}, or from {@link #positions} of
   *     an earlier follower
   * @param handler handles a page. The next page of the same part is polled after its stage has
   *     completed; pages of different parts are handled concurrently. Its failure ends the follower
   * @param maxChanges the most changes of a page
   * @param idle how long to wait after a page without changes
   * @param timer runs the polls; the caller shuts it down after it has closed the follower
   */
  public static FeedFollower start(
      ChangeFeed feed,
      Collection<FeedPosition> positions,
      Function<FeedPage, ? extends CompletionStage<?>> handler,
      int maxChanges,
      Duration idle,
      ScheduledExecutorService timer) {
    FeedFollower follower = new FeedFollower(feed, handler, maxChanges, idle, timer);
    long now = System.nanoTime();
    positions.forEach(position -> follower.positions.put(position, now));
    List.copyOf(positions).forEach(position -> follower.poll(position, 0));
    return follower;
  }

  /**
   * Returns the positions from which to continue later: every change before them was handled. A
   * follower started from them repeats the pages that are being handled, and loses nothing.
   */
  public List<FeedPosition> positions() {
    synchronized (positions) {
      return List.copyOf(positions.keySet());
    }
  }

  /**
   * Returns how long ago the least recently polled part was polled. Changes since then may not have
   * been handled yet. The result grows while polls fail, while pages wait for the handler, and
   * after the follower has ended.
   */
  public Duration behind() {
    synchronized (positions) {
      long now = System.nanoTime();
      long most = 0;
      for (long polled : positions.values()) {
        most = Math.max(most, now - polled);
      }
      return Duration.ofNanos(most);
    }
  }

  /**
   * Completes after {@link #close}, or fails with the failure that ended the follower; in both
   * cases not before every page that the handler was given has been handled. From then on the
   * handler is not called, and {@link #positions} do not change. A handler must not wait for it.
   */
  public CompletionStage<@Nullable Void> ended() {
    return ended.minimalCompletionStage();
  }

  /**
   * Ends the follower without waiting: no further page is given to the handler. One page per part
   * may still be in its hands; {@link #ended} completes when they have been handled. Idempotent.
   */
  @Override
  public void close() {
    end(null);
  }

  /** Ends the follower; the first reason counts. Null stands for {@link #close}. */
  private void end(@Nullable Throwable why) {
    synchronized (positions) {
      if (!ending) {
        ending = true;
        failure = why;
      }
    }
    completeIfEnded();
  }

  private void completeIfEnded() {
    Throwable why;
    synchronized (positions) {
      if (!ending || inHand > 0) {
        return;
      }
      why = failure;
    }
    if (why == null) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(why);
    }
  }

  private boolean isEnding() {
    synchronized (positions) {
      return ending;
    }
  }

  /** Whether a page may be given to the handler. If so, {@link #handled} must follow. */
  private boolean takesPage() {
    synchronized (positions) {
      inHand += ending ? 0 : 1;
      return !ending;
    }
  }

  /**
   * Takes a page out of the handler's hands.
   *
   * @param page its next positions replace its own; null if handling it failed
   */
  private void handled(FeedPosition position, @Nullable FeedPage page, long begun) {
    synchronized (positions) {
      inHand--;
      if (page != null) {
        positions.remove(position);
        page.next().forEach(next -> positions.put(next, begun));
      }
    }
  }

  private void poll(FeedPosition position, int failures) {
    if (isEnding()) {
      return;
    }
    long begun = System.nanoTime();
    CompletionStage<FeedPage> page;
    try {
      page = feed.poll(position, maxChanges);
    } catch (RuntimeException | Error e) {
      page = CompletableFuture.failedFuture(e);
    }
    page.whenComplete(
        (found, failure) -> {
          if (failure != null) {
            retryOrEnd(position, failures + 1, failure);
          } else if (takesPage()) {
            handle(position, found, begun);
          }
        });
  }

  private void retryOrEnd(FeedPosition position, int failures, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && known.kind().isRetryable()) {
      later(position, failures, RETRY.nanos(failures));
    } else {
      end(known == null ? failure : known);
    }
  }

  private void handle(FeedPosition position, FeedPage page, long begun) {
    CompletionStage<?> handled;
    try {
      handled = handler.apply(page);
    } catch (RuntimeException | Error e) {
      handled = CompletableFuture.failedFuture(e);
    }
    handled.whenComplete(
        (ignored, failure) -> {
          if (failure != null) {
            end(failure);
          }
          handled(position, failure == null ? page : null, begun);
          completeIfEnded();
          if (failure == null) {
            boolean idle = page.changes().isEmpty() && page.unreadable().isEmpty();
            // Uses the timer even without a wait: polls that complete at once would recurse
            // forever.
            page.next().forEach(next -> later(next, 0, idle ? idleNanos : 0));
          }
        });
  }

  private void later(FeedPosition position, int failures, long nanos) {
    if (!retries.schedule(() -> poll(position, failures), nanos)) {
      end(new StoreException(StoreException.Kind.CLOSED, "The follower's timer was shut down"));
    }
  }
}
