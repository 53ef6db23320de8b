// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

/** Where a job without a checkpoint begins to read its topics. */
public enum StartFrom {
  /** At the first remaining record. */
  EARLIEST("earliest-offset"),
  /**
   * At the committed offset of the consumer group, or at the first record if it has committed
   * nothing.
   */
  GROUP_OFFSETS("group-offsets");

  private final String option;

  StartFrom(String option) {
    this.option = option;
  }

  /** Returns the value of the table option {@code scan.startup.mode}. */
  String option() {
    return option;
  }
}
