// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clocks and the timer of a cache, which a test advances. */
final class ManualTime extends ScheduledThreadPoolExecutor {

  static final long EPOCH_MILLIS = 1_700_000_000_000L;

  private record Task(long at, long number, Runnable task) {}

  /** The monotonic clock may begin anywhere, and overflow. */
  private final long startNanos;

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long passedNanos;
  private long numbers;

  ManualTime(long startNanos) {
    super(0);
    this.startNanos = startNanos;
  }

  CacheClock clock() {
    return new CacheClock(this::nanos, this::millis);
  }

  /** Returns the monotonic clock. */
  long nanos() {
    return startNanos + passedNanos;
  }

  /** Returns the time of day. */
  long millis() {
    return EPOCH_MILLIS + passedMillis();
  }

  long passedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(passedNanos);
  }

  /** Lets time pass, and runs what is due at its time. */
  void pass(Duration time) {
    long end = passedNanos + time.toNanos();
    while (!tasks.isEmpty() && tasks.peek().at() <= end) {
      Task next = tasks.poll();
      passedNanos = Math.max(passedNanos, next.at());
      next.task().run();
    }
    passedNanos = end;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(new Task(passedNanos + unit.toNanos(delay), numbers++, task));
    return null;
  }
}
