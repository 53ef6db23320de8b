package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedFollower;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends entries of a read cache as the table's change feed tells of changes. Where the feed cannot
 * be followed, every entry is dropped once, and their age alone ends them from then on.
 */
final class CacheFollowing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheFollowing.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final int MAX_CHANGES = 1_000;

  private final String table;
  private final ReadCache cache;
  private final ChangeFeed feed;
  private final ScheduledExecutorService timer;
  private @Nullable FeedFollower follower;
  private boolean closed;

  CacheFollowing(String table, ReadCache cache, ChangeFeed feed, ScheduledExecutorService timer) {
    this.table = table;
    this.cache = cache;
    this.feed = feed;
    this.timer = timer;
  }

  /** Begins to follow, now or as soon as the table answers. */
  void begin() {
    begin(1);
  }

  private void begin(int attempt) {
    CompletionStage<List<FeedPosition>> latest;
    try {
      latest = feed.follow(ChangeFeed.Start.LATEST);
    } catch (RuntimeException e) {
      latest = CompletableFuture.failedFuture(e);
    }
    latest.whenComplete(
        (positions, failure) -> {
          if (failure == null) {
            follow(positions);
          } else {
            retryOrGiveUp(failure, attempt);
          }
        });
  }

  private synchronized void follow(List<FeedPosition> positions) {
    if (closed) {
      return;
    }
    follower = FeedFollower.start(feed, positions, this::handle, MAX_CHANGES, IDLE, timer);
    follower
        .ended()
        .whenComplete(
            (ended, failure) -> {
              if (failure != null) {
                giveUp(failure);
              }
            });
    // What changed before the positions was not told.
    cache.forgetAll();
  }

  private CompletionStage<@Nullable Void> handle(FeedPage page) {
    cache.changed(page.changes());
    cache.changedSomehow(page.unreadable());
    return CompletableFuture.completedFuture(null);
  }

  private void retryOrGiveUp(Throwable failure, int attempt) {
    StoreException known = StoreException.find(failure);
    if (known == null || !known.kind().isRetryable()) {
      giveUp(failure);
      return;
    }
    try {
      timer.schedule(() -> begin(attempt + 1), RETRY.nanos(attempt), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed.
    }
  }

  private void giveUp(Throwable failure) {
    cache.forgetAll();
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    StoreException known = StoreException.find(failure);
    LOG.warn(
        "The read cache of DynamoDB table {} follows no changes any more, and its entries end by"
            + " 'read-cache.max-age' alone: {}",
        table,
        known == null ? failure : known.getMessage());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (follower != null) {
      follower.close();
    }
  }
}
