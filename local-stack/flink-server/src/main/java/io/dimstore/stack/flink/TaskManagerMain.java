// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** Runs Flink's TaskManager with the same arguments, as a child process. */
public final class TaskManagerMain {

  private TaskManagerMain() {}

  /** Runs until the starter ends, or until the TaskManager fails. */
  public static void main(String[] args) throws Exception {
    StarterWatch.start();
    startDelayThread();
    TaskManagerRunner.main(args);
  }

  /**
   * Starts the thread behind the delays of all futures. It keeps the class loaders of the code that
   * needs it first, which would otherwise be those of a job.
   */
  private static void startDelayThread() {
    CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS, Runnable::run).execute(() -> {});
  }
}
