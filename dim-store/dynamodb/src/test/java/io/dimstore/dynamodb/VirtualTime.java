package io.dimstore.dynamodb;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so, and the tasks that fall due in it. */
final class VirtualTime implements UnitBucket.Timer {

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
