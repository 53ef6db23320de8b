// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.FeedFollower;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the changes of a table's feed to its cache, and records how far the feed was read. After
 * a failure it follows again from the present end of the feed, and retries until that succeeds.
 * Entries that were read before age from the time up to which the feed was followed. Thread-safe.
 */
public final class CacheFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheFollower.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
  private static final int MAX_CHANGES = 1_000;

  private final String table;
  private final TableCache cache;
  private final ChangeFeed feed;
  private final ScheduledExecutorService timer;
  private final int maxChanges;
  private @Nullable FeedFollower follower;
  private boolean inGap;
  private int failures;
  private boolean closed;

  /**
   * Creates a follower.
   *
   * @param table the table, for messages
   * @param timer runs the polls; the caller shuts it down after it has closed the follower
   */
  public CacheFollower(
      String table, TableCache cache, ChangeFeed feed, ScheduledExecutorService timer) {
    this(table, cache, feed, timer, MAX_CHANGES);
  }

  /** Creates a follower that requests pages of this many changes. */
  CacheFollower(
      String table,
      TableCache cache,
      ChangeFeed feed,
      ScheduledExecutorService timer,
      int maxChanges) {
    this.maxChanges = maxChanges;
    this.table = table;
    this.cache = cache;
    this.feed = feed;
    this.timer = timer;
  }

  /** Starts to follow the feed; to be called once. */
  public void begin() {
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
                lost(failure);
              }
            });
  }

  private synchronized void follow(List<FeedPosition> positions) {
    if (closed) {
      return;
    }
    FeedProgress.Span span = cache.progress().begin(positions, cache.clock().nanoTime());
    Timed timed = new Timed(span);
    FeedFollower started =
        FeedFollower.start(
            timed,
            positions,
            timed::handle,
            maxChanges,
            cache.settings().following().interval(),
            timer);
    follower = started;
    failures = 0;
    if (inGap) {
      inGap = false;
      LOG.info("The cache of {} follows the table's changes again", table);
    }
    started
        .ended()
        .whenComplete(
            (ended, failure) -> {
              if (failure != null) {
                lost(failure);
              }
            });
  }

  private void lost(Throwable failure) {
    StoreException known = StoreException.find(failure);
    long wait;
    synchronized (this) {
      if (closed || (known != null && known.kind() == StoreException.Kind.CLOSED)) {
        return;
      }
      follower = null;
      wait = RETRY.nanos(++failures);
      if (!inGap) {
        inGap = true;
        cache.gap();
        LOG.warn(
            "The cache of {} cannot follow the table's changes. Until it can, entries end by their"
                + " age: {}",
            table,
            known == null ? String.valueOf(failure) : known.getMessage());
      }
    }
    new RetryTimer(timer).schedule(this::begin, wait);
  }

  @Override
  public void close() {
    FeedFollower current;
    synchronized (this) {
      closed = true;
      current = follower;
    }
    if (current != null) {
      current.close();
    }
  }

  /** The feed, with the time at which each page was requested. */
  private final class Timed implements ChangeFeed {

    private final FeedProgress.Span span;
    private final Map<FeedPage, Request> requests =
        Collections.synchronizedMap(new IdentityHashMap<>());

    private record Request(FeedPosition position, long beganNanos, boolean isAll) {}

    private Timed(FeedProgress.Span span) {
      this.span = span;
    }

    @Override
    public CompletionStage<List<FeedPosition>> follow(Start start) {
      return feed.follow(start);
    }

    @Override
    public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
      long began = cache.clock().nanoTime();
      return feed.poll(position, maxChanges)
          .thenApply(
              polled -> {
                // A page of its own: a feed may return the same object twice.
                FeedPage page = new FeedPage(polled.changes(), polled.unreadable(), polled.next());
                boolean isAll = page.changes().size() + page.unreadable().size() < maxChanges;
                requests.put(page, new Request(position, began, isAll));
                return page;
              });
    }

    private CompletionStage<?> handle(FeedPage page) {
      Request request = requests.remove(page);
      if (request == null) {
        throw new IllegalStateException("A page that was not requested");
      }
      for (Change change : page.changes()) {
        cache.apply(change, nanos -> span.isAfter(request.position(), nanos));
      }
      for (UnreadableRow row : page.unreadable()) {
        Key key = row.key();
        // What has no readable key is not a row of this table, so no entry is about it.
        if (key != null) {
          cache.forget(key);
        }
      }
      span.handled(request.position(), page, request.beganNanos(), request.isAll());
      return CompletableFuture.completedFuture(null);
    }
  }
}
