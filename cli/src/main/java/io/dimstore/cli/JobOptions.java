// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** A picocli mixin of the options of every Flink job that reads Kafka. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class JobOptions {

  /** Where a job without a checkpoint begins. */
  public enum Start {
    /** At the first remaining record. */
    EARLIEST,
    /** Where the consumer group has committed, or at the first record. */
    GROUP_OFFSETS
  }

  /** What a job does if a topic no longer holds records that the job has not read. */
  public enum LostRecords {
    /** The job fails. */
    FAIL,
    /** The job continues at the first remaining record. */
    SKIP
  }

  @Option(
      names = "--start",
      paramLabel = "earliest|group-offsets",
      defaultValue = "earliest",
      description =
          "Where a job without a checkpoint begins: at the earliest record, or where the consumer"
              + " group has committed.")
  private Start start;

  @Option(
      names = "--lost-records",
      paramLabel = "fail|skip",
      defaultValue = "fail",
      description =
          "What to do if a topic no longer holds records that were not read: fail, or skip them.")
  private LostRecords lostRecords;

  @Option(
      names = "--bounded",
      description =
          "Stop at the end that the topics have when the job starts, instead of running on.")
  private boolean bounded;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "0",
      description = "Parallelism of all operators of the job. 0 takes Flink's own default.")
  private int parallelism;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "Time between checkpoints. 0s for none.")
  private Duration checkpointInterval;

  @Option(
      names = "--no-check",
      description =
          "Do not check Kafka and the store before the job starts, for instance if this machine"
              + " cannot reach them.")
  private boolean noCheck;

  @Option(
      names = "--print-sql",
      description = "Print the SQL of the job, secrets hidden, and run nothing.")
  private boolean printSql;

  /** For picocli. */
  public JobOptions() {}

  /** Where to begin. */
  public Start start() {
    return start;
  }

  /** What the job does if Kafka has deleted records that were not read. */
  public LostRecords lostRecords() {
    return lostRecords;
  }

  /** Whether the job stops at the end that the topics have when it starts. */
  public boolean bounded() {
    return bounded;
  }

  /**
   * The parallelism, or 0.
   *
   * @throws UsageException for a negative one
   */
  public int parallelism() {
    Usage.requireAtLeast(0, "--parallelism", parallelism);
    return parallelism;
  }

  /** The time between checkpoints, or zero. */
  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  /** Whether to start the job without a check of its servers. */
  public boolean noCheck() {
    return noCheck;
  }

  /** Whether to print the SQL instead of running the job. */
  public boolean printSql() {
    return printSql;
  }
}
