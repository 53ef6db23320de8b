// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer without threads: scheduled tasks run only when the scenario calls {@link #runAll}. */
public final class HeldTimer extends ScheduledThreadPoolExecutor {

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Creates a timer without tasks. */
  public HeldTimer() {
    super(0);
  }

  @Override
  public @Nullable ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(task);
    return null;
  }

  /** Runs all scheduled tasks regardless of their delays, and the tasks that these schedule. */
  public void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
