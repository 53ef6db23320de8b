// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.spi.support.RetryTimer;
import java.util.concurrent.Executors;

/** The timer of parts of a store that a test creates by themselves. */
public final class Retries {

  /** Runs attempts on a daemon thread, which is never shut down. */
  public static final RetryTimer TIMER =
      new RetryTimer(
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, "retries");
                thread.setDaemon(true);
                return thread;
              }));

  private Retries() {}
}
