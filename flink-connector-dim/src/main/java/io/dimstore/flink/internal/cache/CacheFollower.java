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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  /** After how many failures in a row, each of which a retry may help, loading counts as failed. */
  private static final int FAILURES_BEFORE_LOADED = 5;

  private final String table;
  private final TableCache cache;
  private final ChangeFeed feed;
  private final ScheduledExecutorService timer;
  private final int maxChanges;
  private final @Nullable CacheScan scan;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private @Nullable FeedFollower follower;
  private @Nullable Future<?> nextScan;
  private volatile boolean scans;
  private boolean inGap;
  private int failures;
  private boolean closed;

  /**
   * Creates a follower.
   *
   * @param table the table, for messages
   * @param scan reads the whole table into the cache whenever following begins, or null if only
   *     lookups do
   * @param timer runs the polls; the caller shuts it down after it has closed the follower
   */
  public CacheFollower(
      String table,
      TableCache cache,
      ChangeFeed feed,
      @Nullable CacheScan scan,
      ScheduledExecutorService timer) {
    this(table, cache, feed, scan, timer, MAX_CHANGES);
  }

  /** Creates a follower that requests pages of this many changes. */
  CacheFollower(
      String table,
      TableCache cache,
      ChangeFeed feed,
      @Nullable CacheScan scan,
      ScheduledExecutorService timer,
      int maxChanges) {
    this.maxChanges = maxChanges;
    this.scan = scan;
    if (scan == null) {
      loaded.complete(null);
    }
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
        .thenCompose(this::read)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                lost(failure);
              }
            });
  }

  /**
   * Completes when the cache has the whole table and the first changes since, or at once if it does
   * not read the whole table. Fails with the first failure that no retry can help, or if there are
   * several.
   */
  public CompletableFuture<Void> loaded() {
    return loaded;
  }

  /** Begins a span, and reads the table if that is wanted before the changes are followed. */
  private CompletionStage<Void> read(List<FeedPosition> positions) {
    long since;
    FeedProgress.Span span;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedFuture(null);
      }
      since = cache.clock().nanoTime();
      span = cache.progress().begin(positions, since);
    }
    CacheScan whole = scan;
    if (whole == null) {
      follow(span, positions, since);
      return CompletableFuture.completedFuture(null);
    }
    return readAll(whole, since)
        .thenAccept(
            fits -> {
              scans = fits;
              follow(span, positions, since);
            });
  }

  /** Reads the table into the cache. Changes are followed from the given time on. */
  private CompletionStage<Boolean> readAll(CacheScan whole, long sinceNanos) {
    int number = cache.scanBegins();
    return whole
        .read((page, beganNanos) -> cache.add(number, page, beganNanos))
        .handle(
            (done, failure) -> {
              if (failure != null) {
                cache.scanFailed(number);
                throw new CompletionException(failure);
              }
              boolean fits = cache.scanEnded(number, sinceNanos);
              if (!fits) {
                LOG.warn(
                    "The rows of {} do not fit into its cache: lookups of keys that are not cached"
                        + " read the store, as with 'lookup.cache' = 'PARTIAL'. Remedy: raise"
                        + " 'lookup.cache.max-bytes'.",
                    table);
              }
              return fits;
            });
  }

  /**
   * Reads the table again while it is followed, before its entries are too old to be used.
   *
   * @param sinceNanos when the last scan began
   */
  private void readAgainLater(CacheScan whole, FeedFollower following, long sinceNanos) {
    long tenth = cache.settings().following().maxAge().toNanos() / 10;
    // Entries end by a tenth of the time earlier, at random, and the scan takes time too.
    long wait = Math.max(tenth, 7 * tenth - (cache.clock().nanoTime() - sinceNanos));
    synchronized (this) {
      if (!closed && scans && follower == following) {
        try {
          nextScan = timer.schedule(() -> readAgain(whole, following), wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
          LOG.debug("The store is being closed", e);
        }
      }
    }
  }

  private void readAgain(CacheScan whole, FeedFollower following) {
    synchronized (this) {
      if (closed || follower != following) {
        return;
      }
    }
    long since = cache.clock().nanoTime();
    readAll(whole, since)
        .whenComplete(
            (fits, failure) -> {
              if (failure == null) {
                scans = fits;
              } else if (!isClosed()) {
                LOG.warn(
                    "The table of the cache of {} could not be read again. Keys are read when they"
                        + " are looked up",
                    table,
                    failure);
              }
              readAgainLater(whole, following, since);
            });
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void stopScans() {
    Future<?> scheduled = nextScan;
    nextScan = null;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  private synchronized void follow(
      FeedProgress.Span span, List<FeedPosition> positions, long sinceNanos) {
    if (closed) {
      return;
    }
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
    if (scan != null) {
      readAgainLater(scan, started, sinceNanos);
    }
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

  private synchronized void handled() {
    failures = 0;
  }

  private void lost(Throwable failure) {
    StoreException known = StoreException.find(failure);
    long wait;
    synchronized (this) {
      if (closed) {
        return;
      }
      follower = null;
      stopScans();
      if (known != null && known.kind() == StoreException.Kind.CLOSED) {
        loaded.completeExceptionally(known);
        return;
      }
      // What is read from here on belongs to no span, also if the last attempt to follow failed.
      cache.progress().end();
      wait = RETRY.nanos(++failures);
      if (known == null || !known.kind().isRetryable() || failures == FAILURES_BEFORE_LOADED) {
        loaded.completeExceptionally(known == null ? failure : known);
      }
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
      stopScans();
    }
    loaded.completeExceptionally(
        new StoreException(StoreException.Kind.CLOSED, "The cache was closed"));
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
          .whenComplete(
              (polled, failure) -> {
                if (failure != null) {
                  // Retried for as long as that may help: lookups then read the store.
                  loaded.complete(null);
                }
              })
          .thenApply(
              polled -> {
                // A page of its own: a feed may return the same object twice.
                FeedPage page =
                    new FeedPage(
                        polled.changes(), polled.unreadable(), polled.next(), polled.mayHaveMore());
                boolean isAll =
                    !page.mayHaveMore()
                        && page.changes().size() + page.unreadable().size() < maxChanges;
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
      handled();
      loaded.complete(null);
      return CompletableFuture.completedFuture(null);
    }
  }
}
