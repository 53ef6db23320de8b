// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
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
    TaskManagerRunner.main(args);
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
