// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers with those of the other side, after the callers have theirs. Keys wait in a
 * bounded queue; when it is full they are dropped and counted. At most {@value #MOST_RUNNING}
 * batches are read at a time. Thread-safe; no method blocks.
 *
 * <p>A key that differs is compared again after a delay, up to {@value #RECHECKS} times. For that
 * the primary is read, then the other side, then the primary again. While the primary changes in
 * between, the key is in flight. If it stayed the same and the other side differs each time, the
 * key is a mismatch.
 */
final class ShadowReader {

  static final int RECHECKS = 3;
  private static final int MOST_RUNNING = 2;
  private static final int BATCH = 100;

  /** Runs a task later. */
  interface Later {
    void run(Runnable task);
  }

  /**
   * A key to compare.
   *
   * @param row the answer that the caller got
   * @param answeredBy the side that gave it
   * @param attempt 0 for the first comparison
   */
  private record Sample(
      Key key,
      @Nullable Put row,
      Projection columns,
      Side primary,
      Side answeredBy,
      ShadowWith with,
      int attempt) {

    Sample next() {
      return new Sample(key, row, columns, primary, answeredBy, with, attempt + 1);
    }

    boolean isReadWith(Sample another) {
      return columns.equals(another.columns)
          && primary == another.primary
          && answeredBy == another.answeredBy
          && with == another.with
          && (attempt == 0) == (another.attempt == 0);
    }
  }

  private final KeyHash hash;
  private final Function<Side, DimensionTable> tables;
  private final ShadowTally tally;
  private final int capacity;
  private final Later recheck;
  private final Deque<Sample> queue = new ArrayDeque<>();
  private int held;
  private int running;

  /**
   * @param tables returns the table of a side
   * @param capacity the most keys that wait, those that wait to be compared again included
   * @param recheck runs a task after the delay of a recheck
   */
  ShadowReader(
      KeyHash hash,
      Function<Side, DimensionTable> tables,
      ShadowTally tally,
      int capacity,
      Later recheck) {
    this.hash = hash;
    this.tables = tables;
    this.tally = tally;
    this.capacity = capacity;
    this.recheck = recheck;
  }

  /** Takes answers whose keys belong to the sample. */
  void offer(
      MirrorMode mode,
      Side answeredBy,
      List<Key> keys,
      List<@Nullable Put> rows,
      Projection columns) {
    if (mode.shadow() == 0
        || (mode.shadowWith() == ShadowWith.PRIMARY && answeredBy != mode.primary())) {
      return;
    }
    List<Sample> samples = new ArrayList<>();
    Set<Key> distinct = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      if (hash.isCompared(keys.get(i), mode.shadow()) && distinct.add(keys.get(i))) {
        samples.add(
            new Sample(
                keys.get(i),
                rows.get(i),
                columns,
                mode.primary(),
                answeredBy,
                mode.shadowWith(),
                0));
      }
    }
    if (samples.isEmpty()) {
      return;
    }
    tally.beginSeries(mode.series());
    int dropped = 0;
    synchronized (this) {
      for (Sample sample : samples) {
        if (held == capacity) {
          dropped++;
        } else {
          held++;
          queue.add(sample);
        }
      }
    }
    tally.dropped(dropped);
    pump();
  }

  private void pump() {
    for (List<Sample> batch = next(); batch != null; batch = next()) {
      List<Sample> taken = batch;
      start(taken)
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  tally.failed(taken.size());
                  release(taken.size());
                }
                synchronized (this) {
                  running--;
                }
                pump();
              });
    }
  }

  private synchronized @Nullable List<Sample> next() {
    Sample first = running < MOST_RUNNING ? queue.poll() : null;
    if (first == null) {
      return null;
    }
    running++;
    List<Sample> batch = new ArrayList<>();
    Set<Key> keys = new HashSet<>();
    batch.add(first);
    keys.add(first.key());
    while (batch.size() < BATCH) {
      Sample candidate = queue.peek();
      if (candidate == null || !candidate.isReadWith(first) || !keys.add(candidate.key())) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch;
  }

  private synchronized void release(int keys) {
    held -= keys;
  }

  private CompletionStage<@Nullable Void> start(List<Sample> batch) {
    try {
      return batch.get(0).attempt() == 0 ? first(batch) : again(batch);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Compares the answer that the caller got with one of the other side. */
  private CompletionStage<@Nullable Void> first(List<Sample> batch) {
    Sample like = batch.get(0);
    Side other = like.with() == ShadowWith.PRIMARY ? like.answeredBy() : like.answeredBy().other();
    return read(other, batch)
        .thenAccept(
            rows -> {
              for (int i = 0; i < batch.size(); i++) {
                Sample sample = batch.get(i);
                Put primary = sample.answeredBy() == sample.primary() ? sample.row() : rows.get(i);
                Put copy = sample.answeredBy() == sample.primary() ? rows.get(i) : sample.row();
                end(sample, difference(primary, copy), true);
              }
            })
        .thenApply(done -> null);
  }

  private CompletionStage<@Nullable Void> again(List<Sample> batch) {
    Sample like = batch.get(0);
    Side copied = like.with() == ShadowWith.PRIMARY ? like.primary() : like.primary().other();
    return read(like.primary(), batch)
        .thenCompose(
            before ->
                read(copied, batch)
                    .thenCompose(
                        copies ->
                            read(like.primary(), batch)
                                .thenAccept(
                                    after -> {
                                      for (int i = 0; i < batch.size(); i++) {
                                        Put primary = before.get(i);
                                        boolean stable = difference(primary, after.get(i)) == null;
                                        Difference.Kind kind = difference(primary, copies.get(i));
                                        end(batch.get(i), kind, stable);
                                      }
                                    })))
        .thenApply(done -> null);
  }

  private CompletionStage<List<@Nullable Put>> read(Side side, List<Sample> batch) {
    return tables.apply(side).get(batch.stream().map(Sample::key).toList(), batch.get(0).columns());
  }

  /** Returns how the copy differs, or null if it is equal. */
  static Difference.@Nullable Kind difference(@Nullable Put primary, @Nullable Put copy) {
    if (primary == null) {
      return copy == null ? null : Difference.Kind.EXTRA;
    }
    if (copy == null) {
      return Difference.Kind.MISSING;
    }
    if (primary.version() != copy.version()) {
      return copy.version() < primary.version() ? Difference.Kind.STALE : Difference.Kind.EXTRA;
    }
    if (!primary.row().equals(copy.row())) {
      return Difference.Kind.VALUE;
    }
    return primary.expiresAtMillis() == copy.expiresAtMillis() ? null : Difference.Kind.EXPIRY;
  }

  private void end(Sample sample, Difference.@Nullable Kind kind, boolean stable) {
    if (kind == null) {
      tally.equal();
      release(1);
    } else if (sample.attempt() < RECHECKS) {
      recheck.run(
          () -> {
            synchronized (this) {
              queue.add(sample.next());
            }
            pump();
          });
    } else {
      if (stable) {
        tally.mismatch(kind);
      } else {
        tally.inFlight();
      }
      release(1);
    }
  }
}
