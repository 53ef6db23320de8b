package io.dimstore.features;

/** Where a job without a checkpoint begins to read the event topic. */
public enum StartFrom {
  /** At the first record that is still there. */
  EARLIEST("earliest-offset"),
  /** Where the consumer group has committed, or at the first record. */
  GROUP_OFFSETS("group-offsets");

  private final String option;

  StartFrom(String option) {
    this.option = option;
  }

  String option() {
    return option;
  }
}
