package io.dimstore.flink;

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
 * The threads of one open store. Each kind of work has threads of its own, so that none delays
 * another:
 *
 * <ul>
 *   <li>the timer sends what has lingered and what is tried again, and runs nothing else;
 *   <li>workers decode answers and hand them to Flink, whose collectors run user code;
 *   <li>waiters may sleep, as Flink's retry of a missing row does. There are as many as lookups
 *       that wait for their next attempt, and none while no lookup does.
 * </ul>
 */
final class StoreThreads implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor waiters;

  /**
   * Makes the threads of a store; they start when they are needed.
   *
   * @param store the store's name, which begins the names of the threads
   */
  StoreThreads(String store, ClassLoader classLoader) {
    this.timer =
        new ScheduledThreadPoolExecutor(1, factory("dim-" + store + "-timer", classLoader));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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

  Executor workers() {
    return workers;
  }

  Executor waiters() {
    return waiters;
  }

  /** Ends the threads. Tasks under way get five seconds; waiters are interrupted at once. */
  @Override
  public void close() {
    timer.shutdown();
    workers.shutdown();
    waiters.shutdownNow();
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    for (ExecutorService executor : new ExecutorService[] {timer, workers, waiters}) {
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
