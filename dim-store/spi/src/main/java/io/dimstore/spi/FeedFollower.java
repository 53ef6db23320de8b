package io.dimstore.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a {@link ChangeFeed} until it is closed: polls every part, one page of a part at a time,
 * gives the pages to a handler, and knows the positions up to which they were handled. Failures
 * that may pass are tried again; at any other one it ends, and says so. Blocks no thread.
 * Thread-safe.
 */
public final class FeedFollower implements AutoCloseable {

  private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final ChangeFeed feed;
  private final Function<FeedPage, ? extends CompletionStage<?>> handler;
  private final int maxChanges;
  private final long idleNanos;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  /** Each position with the time up to which its part is known to be read. */
  private final Map<FeedPosition, Long> positions = new LinkedHashMap<>();

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
    this.timer = timer;
  }

  /**
   * Begins to follow.
   *
   * @param positions where: from {@link ChangeFeed#follow}, or what {@link #positions} once said
   * @param handler deals with a page; the next one of the same part comes after its stage has
   *     completed, pages of several parts come beside each other. What it fails with ends all
   * @param maxChanges the most changes of a page
   * @param idle how long to wait after a page without changes
   * @param timer for the waits; the caller ends it after this
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
   * Where to go on later: every change before them was handled. Kept and given to {@link #start},
   * they repeat what was being handled, and lose nothing.
   */
  public List<FeedPosition> positions() {
    synchronized (positions) {
      return List.copyOf(positions.keySet());
    }
  }

  /**
   * How long ago the part that was polled least recently was polled: what changed since then may
   * not have been handled yet. It grows while polls fail, while pages wait for the handler, and
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

  /** Completes after {@link #close}, or fails with what ended the following. */
  public CompletionStage<@Nullable Void> ended() {
    return ended.minimalCompletionStage();
  }

  /** No page is handled from now on but those that are being handled. Idempotent. */
  @Override
  public void close() {
    ended.complete(null);
  }

  private void poll(FeedPosition position, int failures) {
    if (ended.isDone()) {
      return;
    }
    long begun = System.nanoTime();
    CompletionStage<FeedPage> page;
    try {
      page = feed.poll(position, maxChanges);
    } catch (RuntimeException e) {
      page = CompletableFuture.failedFuture(e);
    }
    page.whenComplete(
        (found, failure) -> {
          if (failure != null) {
            retryOrEnd(position, failures + 1, failure);
          } else if (!ended.isDone()) {
            handle(position, found, begun);
          }
        });
  }

  private void retryOrEnd(FeedPosition position, int failures, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && known.kind().isRetryable()) {
      later(position, failures, RETRY.nanos(failures));
    } else {
      ended.completeExceptionally(known == null ? failure : known);
    }
  }

  private void handle(FeedPosition position, FeedPage page, long begun) {
    CompletionStage<?> handled;
    try {
      handled = handler.apply(page);
    } catch (RuntimeException e) {
      handled = CompletableFuture.failedFuture(e);
    }
    handled.whenComplete(
        (ignored, failure) -> {
          if (failure != null) {
            ended.completeExceptionally(failure);
            return;
          }
          synchronized (positions) {
            positions.remove(position);
            page.next().forEach(next -> positions.put(next, begun));
          }
          boolean idle = page.changes().isEmpty() && page.unreadable().isEmpty();
          // Through the timer also at once: pages that come without waiting would nest without end.
          page.next().forEach(next -> later(next, 0, idle ? idleNanos : 0));
        });
  }

  private void later(FeedPosition position, int failures, long nanos) {
    try {
      timer.schedule(() -> poll(position, failures), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      ended.completeExceptionally(
          new StoreException(StoreException.Kind.CLOSED, "The follower's timer was ended", e));
    }
  }
}
