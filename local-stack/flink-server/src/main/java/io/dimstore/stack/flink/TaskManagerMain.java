// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * Runs Flink's TaskManager with the same arguments. The process ends when its standard input does,
 * that is with the process that started it.
 */
public final class TaskManagerMain {

  private TaskManagerMain() {}

  /** Runs until the starter ends, or until the TaskManager fails. */
  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(TaskManagerMain::endWithTheStarter, "watch-starter");
    watch.setDaemon(true);
    watch.start();
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

  private static void endWithTheStarter() {
    try {
      while (System.in.read() >= 0) {
        // The starter never writes to the pipe.
      }
    } catch (IOException e) {
      // The pipe is broken: the starter has ended.
    }
    Runtime.getRuntime().halt(0);
  }
}
