// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.store.TestClock;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Writers that change random rows all along: each change goes to the source, and from there by a
 * queue to the target. Puts, deletes and rows that soon expire.
 */
public final class LiveWriters implements AutoCloseable {

  private static final int QUEUE = 200;

  private final DimensionTable from;
  private final DimensionTable to;
  private final int keys;
  private final BlockingQueue<Sent> queue = new LinkedBlockingQueue<>(QUEUE);

  /** For each writer, how many changes it has begun, and how many of them the target has. */
  private final AtomicLongArray begun;

  private final AtomicLongArray applied;
  private final AtomicLong version = new AtomicLong(System.currentTimeMillis());
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile Throwable failure;

  private record Sent(int writer, Change change) {}

  public LiveWriters(DimensionTable from, DimensionTable to, int keys, int writers, long seed) {
    this.from = from;
    this.to = to;
    this.keys = keys;
    this.begun = new AtomicLongArray(writers);
    this.applied = new AtomicLongArray(writers);
    for (int i = 0; i < writers; i++) {
      Random random = new Random(seed * 31 + i);
      // Each writer has keys of its own, so that the queue keeps the order of each key's changes.
      int writer = i;
      start(() -> write(random, writer, writers));
    }
    start(this::replicate);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                // closed
              } catch (RuntimeException e) {
                failure = e;
              }
            });
    thread.start();
    threads.add(thread);
  }

  private void write(Random random, int writer, int writers) throws InterruptedException {
    while (!closed) {
      int id = random.nextInt(keys / writers) * writers + writer;
      Key key = Key.of("k" + id);
      long next = version.incrementAndGet();
      int kind = random.nextInt(10);
      long soon = System.currentTimeMillis() + random.nextInt(50);
      Change change =
          kind == 0
              ? new Delete(key, next)
              : new Put(key, Row.of("live " + next, id), next, kind == 1 ? soon : Put.NEVER);
      begun.getAndIncrement(writer);
      from.write(List.of(change)).toCompletableFuture().join();
      queue.put(new Sent(writer, change));
    }
  }

  private void replicate() throws InterruptedException {
    while (true) {
      Sent next = queue.take();
      to.write(List.of(next.change)).toCompletableFuture().join();
      applied.getAndIncrement(next.writer);
    }
  }

  /** Waits until every change that has begun is in the target. */
  public void settle() throws InterruptedException {
    for (int writer = 0; writer < begun.length(); writer++) {
      long pending = begun.get(writer);
      while (applied.get(writer) < pending) {
        if (failure != null) {
          throw new IllegalStateException(failure);
        }
        Thread.onSpinWait();
        Thread.yield();
      }
    }
  }

  /** Returns a clock whose pauses are as long as the target needs to follow. */
  public TestClock clock() {
    return new TestClock() {
      @Override
      public long millis() {
        return System.currentTimeMillis();
      }

      @Override
      public void pause(long nanos) throws InterruptedException {
        settle();
        super.pause(nanos);
      }
    };
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    settle();
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
