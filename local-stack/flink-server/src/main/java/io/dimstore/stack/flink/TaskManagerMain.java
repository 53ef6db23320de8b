// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** Runs Flink's TaskManager with the same arguments, as a child process. */
public final class TaskManagerMain {

  private TaskManagerMain() {}

  /** Runs until the starter ends, or until the TaskManager fails. */
  public static void main(String[] args) throws Exception {
    StarterWatch.start();
    DelayThread.start();
    TaskManagerRunner.main(args);
  }
}
