// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The thread of the JDK behind the delays of all futures. It keeps the class loaders of the code
 * that needs it first, which would otherwise be those of a job.
 */
final class DelayThread {

  private DelayThread() {}

  /** Starts the thread. To be called before the process runs a job. */
  static void start() {
    CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS, Runnable::run).execute(() -> {});
  }
}
