package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedFollower;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.UnreadableRow;
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
 * Ends entries of a read cache as the table's change feed reports changes. While the feed cannot be
 * followed, or is behind, there is a gap: entries are answered up to {@code read-cache.gap-max-age}
 * only. Whatever ended the following, it begins again by itself, and drops every entry before it
 * goes on. Thread-safe.
 */
final class CacheFollowing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheFollowing.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** A part of the feed that was not polled for so long is behind. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final Duration WATCH = Duration.ofMillis(500);
  private static final int MAX_CHANGES = 1_000;

  private final String table;
  private final ReadCache cache;
  private final ChangeFeed feed;
  private final ScheduledExecutorService timer;
  private final StoreMetrics metrics;
  private final Duration gapMaxAge;
  private @Nullable FeedFollower follower;
  private boolean inGap = true;
  private boolean reported;
  private int failures;
  private long followingSinceNanos;
  private long gapSinceNanos = System.nanoTime();
  private boolean closed;

  CacheFollowing(
      String table,
      ReadCache cache,
      ChangeFeed feed,
      ScheduledExecutorService timer,
      StoreMetrics metrics,
      Duration gapMaxAge) {
    this.table = table;
    this.cache = cache;
    this.feed = feed;
    this.timer = timer;
    this.metrics = metrics;
    this.gapMaxAge = gapMaxAge;
    cache.limitAge(gapMaxAge);
  }

  /** Begins to follow, now or as soon as the table answers. */
  void begin() {
    attempt();
    timer.scheduleWithFixedDelay(
        this::watch, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void attempt() {
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
            beginAgain(failure);
          }
        });
  }

  private synchronized void follow(List<FeedPosition> positions) {
    if (closed) {
      return;
    }
    // Changes before the positions are not reported.
    cache.anythingMayHaveChanged();
    FeedFollower started =
        FeedFollower.start(feed, positions, this::handle, MAX_CHANGES, IDLE, timer);
    follower = started;
    followingSinceNanos = System.nanoTime();
    started
        .ended()
        .whenComplete(
            (ended, failure) -> {
              if (failure != null) {
                lost(failure, started.behind());
              }
            });
  }

  private CompletionStage<@Nullable Void> handle(FeedPage page) {
    cache.changed(page.changes());
    for (UnreadableRow row : page.unreadable()) {
      Key key = row.key();
      // Without a key it is no row of this table, and so in no entry.
      if (key != null) {
        cache.changedSomehow(key);
      }
    }
    if (!page.unreadable().isEmpty()) {
      metrics.count("read-cache.unreadable", page.unreadable().size());
    }
    return CompletableFuture.completedFuture(null);
  }

  private void lost(Throwable failure, Duration behind) {
    cache.anythingMayHaveChanged();
    synchronized (this) {
      follower = null;
      beginGap(behind);
    }
    beginAgain(failure);
  }

  private void beginAgain(Throwable failure) {
    StoreException known = StoreException.find(failure);
    long wait;
    synchronized (this) {
      wait = RETRY.nanos(++failures);
      if (closed || (known != null && known.kind() == Kind.CLOSED)) {
        return;
      }
      if (!reported) {
        reported = true;
        String reason =
            known == null ? String.valueOf(failure) : String.valueOf(known.getMessage());
        metrics.note("read-cache.gap." + table, reason);
        LOG.warn(
            "The read cache of DynamoDB table {} cannot follow changes, and answers with entries up"
                + " to 'read-cache.gap-max-age' ({} ms) old until it can: {}",
            table,
            gapMaxAge.toMillis(),
            reason);
      }
    }
    try {
      timer.schedule(this::attempt, wait, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed.
    }
  }

  /** Compares how far the feed is behind with what is allowed, and tells the metrics. */
  private synchronized void watch() {
    if (closed) {
      return;
    }
    FeedFollower current = follower;
    if (current != null) {
      Duration behind = current.behind();
      if (behind.compareTo(LATE) > 0) {
        beginGap(behind);
      } else if (behind.toNanos() < System.nanoTime() - followingSinceNanos) {
        // Every part was polled with success since then.
        endGap();
      }
    }
    metrics.gauge(
        "read-cache.gap-millis." + table,
        inGap ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - gapSinceNanos) : 0);
  }

  private void beginGap(Duration behind) {
    if (!inGap) {
      inGap = true;
      gapSinceNanos = System.nanoTime() - behind.toNanos();
      metrics.count("read-cache.gaps", 1);
      cache.limitAge(gapMaxAge);
    }
  }

  private void endGap() {
    if (inGap) {
      inGap = false;
      failures = 0;
      cache.liftAgeLimit();
      if (reported) {
        reported = false;
        metrics.note("read-cache.gap." + table, "");
        LOG.info(
            "The read cache of DynamoDB table {} follows changes again, after {} ms without",
            table,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - gapSinceNanos));
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (follower != null) {
      follower.close();
    }
  }
}
