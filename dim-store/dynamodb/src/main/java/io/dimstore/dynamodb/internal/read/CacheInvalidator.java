// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.FeedFollower;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invalidates entries of a read cache when the table's change feed reports changes. While the feed
 * cannot be followed, or is behind, there is a <i>gap</i>: entries are used only up to the age
 * {@code read-cache.gap-max-age}. After any failure it retries by itself, and invalidates every
 * entry before it continues. Thread-safe.
 */
public final class CacheInvalidator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheInvalidator.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** The feed is behind if one of its parts was not polled for this long. */
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

  public CacheInvalidator(
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

  /** Starts to follow the feed, and retries until that succeeds; to be called once. */
  public void begin() {
    attempt();
    timer.scheduleWithFixedDelay(
        this::watch, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void attempt() {
    CompletionStage<List<FeedPosition>> latest;
    try {
      latest = feed.follow(ChangeFeed.Start.LATEST);
    } catch (RuntimeException | Error e) {
      latest = CompletableFuture.failedFuture(e);
    }
    latest
        .thenAccept(this::follow)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
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
      // An item without a readable key is not a row of this table, so no entry is about it.
      if (key != null) {
        cache.changedSomehow(key);
      }
    }
    if (!page.unreadable().isEmpty()) {
      report(() -> metrics.count("read-cache.unreadable", page.unreadable().size()));
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
        report(() -> metrics.note("read-cache.gap." + table, reason));
        report(
            () ->
                LOG.warn(
                    "The read cache of DynamoDB table {} cannot follow changes. Until it can, it"
                        + " uses entries only up to an age of 'read-cache.gap-max-age' ({} ms): {}",
                    table,
                    gapMaxAge.toMillis(),
                    reason));
      }
    }
    new RetryTimer(timer).schedule(this::attempt, wait);
  }

  /**
   * Begins or ends a gap according to how far the feed is behind, and reports the gap to the
   * metrics. Throws nothing, since the timer would not call it again.
   */
  private synchronized void watch() {
    if (closed) {
      return;
    }
    try {
      compareWithFeed();
    } catch (RuntimeException | Error e) {
      if (!inGap) {
        report(
            () ->
                LOG.warn(
                    "It is unknown how far the read cache of DynamoDB table {} is behind. Until it"
                        + " is known, the cache uses entries only up to an age of"
                        + " 'read-cache.gap-max-age' ({} ms)",
                    table,
                    gapMaxAge.toMillis(),
                    e));
      }
      beginGap(Duration.ZERO);
    }
    long gapMillis = inGap ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - gapSinceNanos) : 0;
    report(() -> metrics.gauge("read-cache.gap.ms", table, gapMillis));
  }

  private void compareWithFeed() {
    FeedFollower current = follower;
    if (current != null) {
      Duration behind = current.behind();
      if (behind.compareTo(LATE) > 0) {
        beginGap(behind);
      } else if (behind.toNanos() < System.nanoTime() - followingSinceNanos) {
        // Since the start, every part was polled successfully.
        endGap();
      }
    }
  }

  /**
   * Reports to the metrics or the log. Their exceptions are only logged, because they must not end
   * the following of the feed or the check of its delay.
   */
  private static void report(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException | Error e) {
      try {
        LOG.debug("A report of the read cache failed", e);
      } catch (RuntimeException | Error again) {
        e.addSuppressed(again);
      }
    }
  }

  private void beginGap(Duration behind) {
    if (!inGap) {
      inGap = true;
      gapSinceNanos = System.nanoTime() - behind.toNanos();
      cache.limitAge(gapMaxAge);
      report(() -> metrics.count("read-cache.gaps", 1));
    }
  }

  private void endGap() {
    if (inGap) {
      inGap = false;
      failures = 0;
      cache.liftAgeLimit();
      if (reported) {
        reported = false;
        report(() -> metrics.note("read-cache.gap." + table, ""));
        LOG.info(
            "The read cache of DynamoDB table {} follows changes again, after a gap of {} ms",
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
