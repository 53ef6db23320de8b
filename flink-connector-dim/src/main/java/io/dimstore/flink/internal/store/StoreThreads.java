// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one open store. Each kind of work has its own threads, so that no kind delays
 * another:
 *
 * <ul>
 *   <li>The timer sends batches whose linger time is over, and retries. It runs nothing else.
 *   <li>Workers decode responses and pass them to Flink, whose collectors run user code.
 *   <li>The follower polls the change feeds of tables with a cache, and applies their changes.
 *   <li>Waiters may sleep, as Flink's retry of a missing row does. There is one waiter per lookup
 *       that waits for its next attempt, and none if no lookup waits.
 * </ul>
 */
public final class StoreThreads implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;
  private final ScheduledThreadPoolExecutor follower;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor waiters;

  /**
   * Creates the threads of a store. They start when they are needed.
   *
   * @param store the store's name, which is the prefix of the thread names
   */
  StoreThreads(String store, ClassLoader classLoader) {
    this.timer = scheduled("dim-" + store + "-timer", classLoader);
    this.follower = scheduled("dim-" + store + "-follower", classLoader);
    int threads = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            factory("dim-" + store, classLoader));
    this.waiters =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory("dim-" + store + "-waiter", classLoader));
  }

  private static ScheduledThreadPoolExecutor scheduled(String name, ClassLoader classLoader) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, factory(name, classLoader));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  private static ThreadFactory factory(String name, ClassLoader classLoader) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(classLoader);
      return thread;
    };
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  ScheduledExecutorService follower() {
    return follower;
  }

  public Executor workers() {
    return workers;
  }

  public Executor waiters() {
    return waiters;
  }

  /**
   * Stops the threads. Running tasks have five seconds to finish; waiters are interrupted at once.
   */
  @Override
  public void close() {
    timer.shutdown();
    follower.shutdown();
    workers.shutdown();
    waiters.shutdownNow();
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    for (ExecutorService executor : new ExecutorService[] {timer, follower, workers, waiters}) {
      try {
        if (executor.awaitTermination(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          continue;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      executor.shutdownNow();
    }
  }
}
