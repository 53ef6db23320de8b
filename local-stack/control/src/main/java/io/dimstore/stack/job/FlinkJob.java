// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import java.time.Instant;

/**
 * A job of a cluster.
 *
 * @param id its id
 * @param name its name, which several jobs may have
 * @param state its state, such as {@code RUNNING}
 * @param start when it was submitted
 */
record FlinkJob(String id, String name, String state, Instant start) {

  /** Returns whether the job has not ended. */
  boolean isActive() {
    return switch (state) {
      case "FINISHED", "CANCELED", "FAILED" -> false;
      default -> true;
    };
  }
}
