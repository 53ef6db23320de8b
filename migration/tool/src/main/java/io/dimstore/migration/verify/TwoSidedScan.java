// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.Digest;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.Pace;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.SplitReader;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.UnreadableRow;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Scans both sides at the same time, tombstones included, and hashes the rows. */
final class TwoSidedScan {

  private final Side from;
  private final Side to;
  private final VerifySettings settings;
  private final Calls calls;
  private final Clock clock;
  private final Pace fromPace;
  private final Pace toPace;
  private final long oldVersion;

  /**
   * Creates a scan, which may run several times.
   *
   * @param oldVersion tombstones of older versions are only counted
   */
  TwoSidedScan(
      Side from,
      Side to,
      VerifySettings settings,
      Calls calls,
      Clock clock,
      Pace fromPace,
      Pace toPace,
      long oldVersion) {
    this.from = from;
    this.to = to;
    this.settings = settings;
    this.calls = calls;
    this.clock = clock;
    this.fromPace = fromPace;
    this.toPace = toPace;
    this.oldVersion = oldVersion;
  }

  /** Receives the rows of both sides, from several threads. */
  interface Visitor {

    /** Returns whether the row of a key is to be hashed. */
    boolean wants(long keyHash);

    void row(boolean ofSource, long keyHash, Key key, Digest digest);

    /** Receives a row that cannot be decoded, and that {@link #wants} accepts if it has a key. */
    void unreadable(boolean ofSource, long keyHash, UnreadableRow row);
  }

  /** Receives the number of rows read, and an estimate of all; negative if there is none. */
  interface Progress {
    void rows(long done, long total);
  }

  /** Old tombstones of both sides. */
  record OldTombstones(long source, long target) {}

  /** Reads both sides to their ends. */
  OldTombstones run(Visitor visitor, Progress progress) throws InterruptedException {
    Part source = new Part(true, from, fromPace, visitor);
    Part target = new Part(false, to, toPace, visitor);
    source.plan();
    target.plan();
    int threads = 2 * settings.parallelism();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    ExecutorCompletionService<@Nullable Void> ends = new ExecutorCompletionService<>(workers);
    Runnable report =
        () -> {
          long ofSource = source.estimate();
          long ofTarget = target.estimate();
          progress.rows(
              source.rows.get() + target.rows.get(),
              ofSource < 0 || ofTarget < 0 ? -1 : ofSource + ofTarget);
        };
    try {
      for (int i = 0; i < threads; i++) {
        Part part = i % 2 == 0 ? source : target;
        ends.submit(
            () -> {
              part.read(report);
              return null;
            });
      }
      for (int i = 0; i < threads; i++) {
        ends.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(e.getCause());
    } finally {
      workers.shutdownNow();
    }
    return new OldTombstones(source.oldTombstones.get(), target.oldTombstones.get());
  }

  /** The scan of one side, which several threads share. */
  private final class Part {

    private final boolean ofSource;
    private final Side side;
    private final Pace pace;
    private final Visitor visitor;
    private final Queue<ScanSplit> left = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong oldTombstones = new AtomicLong();
    private int splits;

    Part(boolean ofSource, Side side, Pace pace, Visitor visitor) {
      this.ofSource = ofSource;
      this.side = side;
      this.pace = pace;
      this.visitor = visitor;
    }

    void plan() throws InterruptedException {
      ScanOptions everything = new ScanOptions(side.spec().all(), null, null, true);
      List<ScanSplit> all = calls.await(() -> side.table().splits(settings.splits(), everything));
      left.addAll(all);
      splits = all.size();
    }

    long estimate() {
      int ended = done.get();
      return ended == 0 ? -1 : Math.max(rows.get(), rows.get() * splits / ended);
    }

    void read(Runnable report) throws InterruptedException {
      RowHash hash = new RowHash(side.spec());
      for (ScanSplit split = left.poll(); split != null; split = left.poll()) {
        SplitReader reader =
            new SplitReader(side.table(), split, settings.pageSize(), calls, clock);
        while (true) {
          long began = clock.nanos();
          SplitReader.Page page = reader.next();
          if (page == null) {
            break;
          }
          List<Change> changes = page.page().changes();
          for (Change change : changes) {
            visit(hash, change);
          }
          for (UnreadableRow row : page.page().unreadable()) {
            visit(hash, row);
          }
          rows.getAndAdd(changes.size());
          report.run();
          pace.after(changes.size(), clock.nanos() - began);
        }
        done.getAndIncrement();
      }
    }

    private void visit(RowHash hash, Change change) {
      if (change instanceof Delete && change.version() < oldVersion) {
        oldTombstones.getAndIncrement();
        return;
      }
      long keyHash = hash.ofKey(change.key());
      if (visitor.wants(keyHash)) {
        visitor.row(ofSource, keyHash, change.key(), hash.of(change));
      }
    }

    private void visit(RowHash hash, UnreadableRow row) {
      Key key = row.key();
      long keyHash = key == null ? 0 : hash.ofKey(key);
      if (key == null || visitor.wants(keyHash)) {
        visitor.unreadable(ofSource, keyHash, row);
      }
    }
  }
}
