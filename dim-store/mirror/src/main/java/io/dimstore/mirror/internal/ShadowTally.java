// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.ShadowCounts;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import java.util.EnumMap;
import java.util.Locale;
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

  private final String table;
  private final String process;
  private final SharedRecords records;
  private final StoreMetrics metrics;
  private final LongSupplier wallClock;
  private final Map<Difference.Kind, Long> mismatched = new EnumMap<>(Difference.Kind.class);
  private @Nullable String series;
  private long equal;
  private long inFlight;
  private long dropped;
  private long failed;
  private long since;
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

  /** Begins to count anew if this is another series than before. */
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
        mismatched.clear();
        equal = 0;
        inFlight = 0;
        dropped = 0;
        failed = 0;
        revision = 0;
        since = wallClock.getAsLong();
      }
    }
  }

  void equal() {
    synchronized (this) {
      equal++;
      published = false;
    }
    metrics.count("shadow.equal", 1);
  }

  void inFlight() {
    synchronized (this) {
      inFlight++;
      published = false;
    }
    metrics.count("shadow.in-flight", 1);
  }

  void mismatch(Difference.Kind kind) {
    synchronized (this) {
      mismatched.merge(kind, 1L, Long::sum);
      published = false;
    }
    metrics.count("shadow." + kind.name().toLowerCase(Locale.ROOT), 1);
  }

  void dropped(int keys) {
    if (keys > 0) {
      synchronized (this) {
        dropped += keys;
        published = false;
      }
      metrics.count("shadow.dropped", keys);
    }
  }

  void failed(int keys) {
    synchronized (this) {
      failed += keys;
      published = false;
    }
    metrics.count("shadow.failed", keys);
  }

  /** Returns the sums of this process. */
  synchronized ShadowCounts counts() {
    long mismatches = mismatched.values().stream().mapToLong(Long::longValue).sum();
    return new ShadowCounts(
        equal + inFlight + mismatches,
        equal,
        inFlight,
        mismatched,
        dropped,
        failed,
        since,
        wallClock.getAsLong());
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
