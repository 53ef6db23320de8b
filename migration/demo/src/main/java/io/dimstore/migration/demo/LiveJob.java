// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.cli.Progress;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A job that uses the table through the store {@code mirror} all along: a thread writes changes,
 * and another one looks rows up. Like a job of Flink, it repeats a write until it succeeds.
 */
final class LiveJob implements AutoCloseable {

  private static final int LOOKUP_KEYS = 25;
  private static final Duration WRITE_PAUSE = Duration.ofMillis(20);
  private static final Duration LOOKUP_PAUSE = Duration.ofMillis(40);

  private final DimensionStore mirror;
  private final DimensionTable table;
  private final TableSpec spec;
  private final ItemRows rows;
  private final Progress progress;
  private final Map<Key, Put> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong lookups = new AtomicLong();
  private final AtomicLong stale = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread writer = new Thread(() -> guarded(this::write), "job-writer");
  private final Thread reader = new Thread(() -> guarded(this::lookUp), "job-lookups");

  /**
   * Opens the table; nothing is written until {@link #start}.
   *
   * @param options of the mirror
   */
  LiveJob(Map<String, String> options, TableSpec spec, ItemRows rows, Progress progress) {
    this.progress = progress;
    this.mirror =
        DimensionStores.open("mirror", options, StoreMetrics.NONE, InstantSource.system());
    this.table = mirror.table(spec);
    this.spec = spec;
    this.rows = rows;
    writer.setDaemon(true);
    reader.setDaemon(true);
  }

  /**
   * Writes the rows from before the migration.
   *
   * @param old the old store alone
   */
  void fill(DimensionStore old) {
    // The first calls of a cold process on a busy machine take long.
    while (!succeeds(() -> old.createIfAbsent(spec).toCompletableFuture().join())) {
      progress.update(() -> "creating the table");
    }
    DimensionTable filled = old.table(spec);
    List<Put> all = rows.initial();
    for (int i = 0; i < all.size(); i += 1_000) {
      List<Put> part = all.subList(i, Math.min(all.size(), i + 1_000));
      while (!succeeds(() -> filled.write(List.copyOf(part)).toCompletableFuture().join())) {
        progress.update(() -> "filling the table");
      }
    }
    rows.of(ItemRows.Owner.JOB).forEach(row -> acknowledged.put(row.key(), row));
    failed.set(0);
  }

  void start() {
    writer.start();
    reader.start();
  }

  private void write() {
    Map<Key, Long> versions = new HashMap<>();
    for (int i = 0; !stopped.get(); i = (i + 1) % rows.changes().size()) {
      ItemRows.Item item = rows.changes().get(i);
      long version =
          Math.max(
              System.currentTimeMillis(), versions.getOrDefault(item.key(), Long.MIN_VALUE) + 1);
      versions.put(item.key(), version);
      Put put = new Put(item.key(), item.row(), version);
      while (!succeeds(() -> table.write(List.of(put)).toCompletableFuture().join())) {
        if (stopped.get()) {
          return;
        }
      }
      acknowledged.put(item.key(), put);
      writes.getAndIncrement();
      LockSupport.parkNanos(WRITE_PAUSE.toNanos());
    }
  }

  private void lookUp() {
    Random random = new Random(7);
    List<Key> all = rows.initial().stream().map(Put::key).toList();
    while (!stopped.get()) {
      List<Key> keys = new ArrayList<>();
      List<Long> least = new ArrayList<>();
      for (int i = 0; i < LOOKUP_KEYS; i++) {
        Key key = all.get(random.nextInt(all.size()));
        Put written = acknowledged.get(key);
        keys.add(key);
        least.add(written == null ? -1 : written.version());
      }
      boolean done =
          succeeds(
              () -> {
                List<@Nullable Put> found =
                    table.get(keys, spec.all()).toCompletableFuture().join();
                for (int i = 0; i < found.size(); i++) {
                  Put row = found.get(i);
                  if (least.get(i) >= 0 && (row == null || row.version() < least.get(i))) {
                    stale.getAndIncrement();
                  }
                }
              });
      if (done) {
        lookups.getAndAdd(LOOKUP_KEYS);
      }
      LockSupport.parkNanos(LOOKUP_PAUSE.toNanos());
    }
  }

  /** Returns false if the call failed, but may succeed when it is repeated. */
  private boolean succeeds(Runnable call) {
    try {
      call.run();
      return true;
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      if (known == null || !known.kind().isRetryable()) {
        throw e;
      }
      failed.getAndIncrement();
      return false;
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /**
   * Reports a failure of the job.
   *
   * @throws DemoException if it does not run any more
   */
  void requireHealthy() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new DemoException("The job failed: " + cause.getMessage(), cause);
    }
  }

  /** Returns the rows of the job's keys, as its last acknowledged writes left them. */
  Map<Key, Put> acknowledged() {
    return acknowledged;
  }

  long writes() {
    return writes.get();
  }

  long lookups() {
    return lookups.get();
  }

  long stale() {
    return stale.get();
  }

  long failed() {
    return failed.get();
  }

  /** Ends the threads. */
  void stop() throws InterruptedException {
    stopped.set(true);
    if (writer.isAlive()) {
      writer.join();
    }
    if (reader.isAlive()) {
      reader.join();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
    mirror.close();
  }
}
