// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A clock that a test advances, and a timer that runs the tasks that become due. */
final class VirtualTime implements CapacityLimiter.Timer {

  private record Task(long at, Runnable run) {}

  private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
  private long now = 5_000_000_000L;

  long nanos() {
    return now;
  }

  double seconds() {
    return now / 1e9;
  }

  @Override
  public void schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(new Task(now + unit.toNanos(delay), task));
  }

  void advance(double seconds) {
    long end = now + (long) (seconds * 1e9);
    for (Task next = tasks.peek(); next != null && next.at <= end; next = tasks.peek()) {
      tasks.remove();
      now = Math.max(now, next.at);
      next.run.run();
    }
    now = end;
  }
}
