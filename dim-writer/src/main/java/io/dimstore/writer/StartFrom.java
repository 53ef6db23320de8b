package io.dimstore.writer;

/** Where a job without a checkpoint begins to read the change topics. */
public enum StartFrom {
  /** At the first record that is still there; with versions, reading again changes nothing. */
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
