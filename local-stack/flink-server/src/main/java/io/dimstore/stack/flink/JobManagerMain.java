// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;

/** Runs Flink's JobManager with the same arguments, as a child process. */
public final class JobManagerMain {

  private JobManagerMain() {}

  /** Runs until the starter ends, or until the JobManager fails. */
  public static void main(String[] args) {
    StarterWatch.start();
    DelayThread.start();
    StandaloneSessionClusterEntrypoint.main(args);
  }
}
