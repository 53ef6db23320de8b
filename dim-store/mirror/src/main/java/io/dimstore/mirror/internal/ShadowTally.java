// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.ShadowCounts;
import io.dimstore.mirror.control.ShadowWindows;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the shadow reads of one table found, and publishes the sums in a shared record of
 * this process. Thread-safe.
 */
final class ShadowTally {

  /** The longest window, in milliseconds. */
  static final long WINDOW_MILLIS = 5 * 60_000;

  /** The most windows; the oldest ones are added up to one, which has the date of the oldest. */
  static final int MOST_WINDOWS = 26;

  private final String table;
  private final String process;
  private final SharedRecords records;
  private final StoreMetrics metrics;
  private final LongSupplier wallClock;
  private final Deque<ShadowCounts> windows = new ArrayDeque<>();
  private @Nullable String series;
  private long revision;
  private boolean published = true;
  private CompletionStage<@Nullable Void> lastPublish = CompletableFuture.completedFuture(null);

  /**
   * @param process identifies this process; the same for all tables
   */
  ShadowTally(
      String table,
      String process,
      SharedRecords records,
      StoreMetrics metrics,
      LongSupplier wallClock) {
    this.table = table;
    this.process = process;
    this.records = records;
    this.metrics = metrics;
    this.wallClock = wallClock;
  }

  /** Resets the counts if the series has changed. */
  void beginSeries(String name) {
    boolean changed;
    synchronized (this) {
      changed = series != null && !series.equals(name);
    }
    if (changed) {
      var unused = publish();
    }
    synchronized (this) {
      if (!name.equals(series)) {
        series = name;
        windows.clear();
        revision = 0;
      }
    }
  }

  void equal() {
    add(1, 1, 0, Map.of(), 0, 0);
    metrics.count("shadow.equal", 1);
  }

  void inFlight() {
    add(1, 0, 1, Map.of(), 0, 0);
    metrics.count("shadow.in-flight", 1);
  }

  void mismatch(Difference.Kind kind) {
    add(1, 0, 0, Map.of(kind, 1L), 0, 0);
    metrics.count(MirrorMetrics.shadow(kind), 1);
  }

  void dropped(int keys) {
    if (keys > 0) {
      add(0, 0, 0, Map.of(), keys, 0);
      metrics.count("shadow.dropped", keys);
    }
  }

  void failed(int keys) {
    add(0, 0, 0, Map.of(), 0, keys);
    metrics.count("shadow.failed", keys);
  }

  private synchronized void add(
      long compared,
      long equal,
      long inFlight,
      Map<Difference.Kind, Long> mismatched,
      long dropped,
      long failed) {
    long now = wallClock.getAsLong();
    ShadowCounts last = windows.peekLast();
    // A clock that was set back begins a new window, too.
    boolean isOver =
        last == null || now - last.sinceMillis() >= WINDOW_MILLIS || now < last.untilMillis();
    ShadowCounts counts =
        new ShadowCounts(compared, equal, inFlight, mismatched, dropped, failed, now, now);
    windows.add(isOver ? counts : windows.removeLast().plus(counts));
    if (windows.size() > MOST_WINDOWS) {
      windows.addFirst(windows.removeFirst().plus(windows.removeFirst()));
    }
    published = false;
  }

  /** Returns the sums of this process. */
  synchronized ShadowWindows counts() {
    return new ShadowWindows(List.copyOf(windows));
  }

  /** Publishes the sums if they have changed. A failure is made up for by the next call. */
  CompletionStage<@Nullable Void> publish() {
    synchronized (this) {
      String named = series;
      if (published || named == null || !lastPublish.toCompletableFuture().isDone()) {
        return lastPublish;
      }
      published = true;
      String name = ShadowCounts.prefix(table, named) + process;
      lastPublish = publish(name, named, revision, counts().format());
      return lastPublish;
    }
  }

  private CompletionStage<@Nullable Void> publish(
      String name, String named, long expected, String content) {
    return records
        .replace(name, expected, content)
        .thenCompose(
            done ->
                done
                    ? CompletableFuture.completedFuture(expected + 1)
                    // The outcome of an earlier call was unknown.
                    : records.read(name).thenApply(found -> -found.orElseThrow().revision()))
        .handle(
            (next, failure) -> {
              synchronized (this) {
                if (named.equals(series)) {
                  revision = next == null ? revision : Math.abs(next);
                  published &= next != null && next > 0;
                }
              }
              return null;
            });
  }
}
