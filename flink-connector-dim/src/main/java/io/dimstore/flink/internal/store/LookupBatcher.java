// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.internal.metrics.TableCounters;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines the keys of concurrent lookups into batched reads. A key is sent at once if fewer reads
 * are in flight than allowed. Otherwise it waits until one of them has ended, its batch is full, or
 * the linger time is over. So batches grow with the load and with the time that the store takes.
 *
 * <p>A waiting key is read once, however many lookups request it. A lookup is never answered from a
 * read that began before the lookup.
 *
 * <p>If the store answers within its own call, as a store in memory does, the lookup has its answer
 * when {@link #get} returns. All other futures complete on worker threads, never on the timer or on
 * the threads of the store's client. Thread-safe.
 */
public final class LookupBatcher implements AutoCloseable {

  private final DimensionTable table;
  private final Projection columns;
  private final int batchSize;
  private final int maxInFlight;
  private final long lingerNanos;
  private final Retry retry;
  private final TableCounters counters;
  private final ScheduledExecutorService timer;
  private final Executor workers;

  private final Object lock = new Object();
  private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
  private final Set<Batch> underWay = new HashSet<>();
  private boolean timerArmed;
  private boolean closed;

  /** A key, and the future on which its lookups wait. */
  private record Waiting(Key key, long sinceNanos, CompletableFuture<@Nullable Put> answer) {}

  /** The keys of one read. Compared by identity. */
  private static final class Batch {
    private final List<Waiting> entries;

    private Batch(List<Waiting> entries) {
      this.entries = entries;
    }
  }

  /**
   * Creates a batcher.
   *
   * @param retry repeats reads; its timer also ends the wait of keys, and its counters count the
   *     reads
   */
  LookupBatcher(
      DimensionTable table,
      Projection columns,
      DimTable.LookupSettings settings,
      Retry retry,
      Executor workers) {
    this.table = table;
    this.columns = columns;
    this.batchSize = settings.batchSize();
    this.maxInFlight = settings.maxInFlight();
    this.lingerNanos = settings.linger().toNanos();
    this.retry = retry;
    this.counters = retry.counters();
    this.timer = retry.timer();
    this.workers = workers;
  }

  /**
   * Returns the row of a key, or null if there is none. After the last attempt the future fails
   * with the {@link StoreException} of that attempt. A failure that names certain keys does not
   * fail the other keys of the batch.
   */
  public CompletableFuture<@Nullable Put> get(Key key) {
    Waiting entry;
    Batch batch = null;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(closedException());
      }
      Waiting held = waiting.get(key);
      if (held != null) {
        counters.coalesced();
        return held.answer();
      }
      entry = new Waiting(key, System.nanoTime(), new CompletableFuture<>());
      waiting.put(key, entry);
      if (underWay.size() < maxInFlight || waiting.size() >= batchSize) {
        batch = takeBatch();
      } else {
        armTimer(lingerNanos);
      }
    }
    if (batch != null) {
      send(batch);
    }
    return entry.answer();
  }

  @Override
  public void close() {
    List<Waiting> pending = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      pending.addAll(waiting.values());
      waiting.clear();
      underWay.forEach(batch -> pending.addAll(batch.entries));
      underWay.clear();
    }
    for (Waiting entry : pending) {
      entry.answer().completeExceptionally(closedException());
    }
  }

  /** Sends a batch from the thread of a lookup or from a worker. */
  private void send(Batch batch) {
    CompletableFuture<List<@Nullable Put>> read = read(batch);
    if (read.isDone()) {
      // A further batch is sent by a worker, so that batches do not nest.
      read.whenComplete(
          (rows, failure) -> ended(batch, rows, failure, next -> onWorker(() -> send(next))));
    } else {
      endOnWorker(batch, read);
    }
  }

  private CompletableFuture<List<@Nullable Put>> read(Batch batch) {
    List<Key> keys = new ArrayList<>(batch.entries.size());
    batch.entries.forEach(entry -> keys.add(entry.key()));
    counters.read(keys.size());
    return retry.run(() -> table.get(keys, columns));
  }

  private void endOnWorker(Batch batch, CompletableFuture<List<@Nullable Put>> read) {
    read.whenComplete((rows, failure) -> onWorker(() -> ended(batch, rows, failure, this::send)));
  }

  private void onWorker(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  private void ended(
      Batch batch,
      @Nullable List<@Nullable Put> rows,
      @Nullable Throwable thrown,
      Consumer<Batch> sender) {
    Throwable failure = thrown == null ? wrongAnswer(batch, rows) : thrown;
    Set<Waiting> spared = failure == null ? Set.of() : innocent(batch, failure);
    Batch next = null;
    synchronized (lock) {
      underWay.remove(batch);
      if (closed) {
        return;
      }
      if (!spared.isEmpty()) {
        next = new Batch(List.copyOf(spared));
        underWay.add(next);
      } else if (underWay.size() < maxInFlight && !waiting.isEmpty()) {
        next = takeBatch();
      }
    }
    if (next != null) {
      sender.accept(next);
    }
    for (int i = 0; i < batch.entries.size(); i++) {
      Waiting entry = batch.entries.get(i);
      if (rows != null && failure == null) {
        entry.answer().complete(rows.get(i));
      } else if (failure != null && !spared.contains(entry)) {
        entry.answer().completeExceptionally(failure);
      }
    }
  }

  /** Returns the error of a response that cannot be matched with its keys, or null if it can. */
  private static @Nullable Throwable wrongAnswer(Batch batch, @Nullable List<@Nullable Put> rows) {
    if (rows != null && rows.size() == batch.entries.size()) {
      return null;
    }
    return new IllegalStateException(
        "The store answered "
            + batch.entries.size()
            + " keys with "
            + (rows == null ? "nothing" : rows.size() + " rows")
            + ": no row can be matched with its key");
  }

  /**
   * Returns the entries of a failed batch that the failure does not name. Returns none if the
   * failure applies to the whole batch.
   */
  private static Set<Waiting> innocent(Batch batch, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known == null || known.keys().isEmpty()) {
      return Set.of();
    }
    Set<Key> blamed = new HashSet<>(known.keys());
    Set<Waiting> rest = new LinkedHashSet<>();
    for (Waiting entry : batch.entries) {
      if (!blamed.contains(entry.key())) {
        rest.add(entry);
      }
    }
    return rest.size() == batch.entries.size() ? Set.of() : rest;
  }

  private Batch takeBatch() {
    List<Waiting> entries = new ArrayList<>(Math.min(batchSize, waiting.size()));
    Iterator<Waiting> held = waiting.values().iterator();
    while (held.hasNext() && entries.size() < batchSize) {
      entries.add(held.next());
      held.remove();
    }
    Batch batch = new Batch(entries);
    underWay.add(batch);
    return batch;
  }

  private void armTimer(long nanos) {
    if (!timerArmed) {
      timerArmed = true;
      timer.schedule(this::lingerIsOver, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void lingerIsOver() {
    Batch batch = null;
    synchronized (lock) {
      timerArmed = false;
      if (waiting.isEmpty() || closed) {
        return;
      }
      long left = waiting.values().iterator().next().sinceNanos() + lingerNanos - System.nanoTime();
      if (left > 0) {
        armTimer(left);
      } else {
        batch = takeBatch();
      }
    }
    if (batch != null) {
      endOnWorker(batch, read(batch));
    }
  }

  private static StoreException closedException() {
    return new StoreException(StoreException.Kind.CLOSED, "The lookup was closed");
  }
}
