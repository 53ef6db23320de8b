// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.dimstore.bench.compare.report.Results.LatencyMillis;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.Map;

/**
 * The outcome of a measurement, as written to the results file. The page {@code
 * docs/performance.md} explains the figures. Keep the page up to date with this class.
 *
 * @param users number of users in the state
 * @param eventsPerUser number of events that each had before the first measured block
 * @param eventsPerSecond the rate at which events were sent while checkpoints were measured
 * @param blockSeconds duration of a measured block
 * @param rounds number of blocks with a checkpoint, and of those without
 * @param parallelism of all operators of the job
 * @param seed of everything that was drawn at random
 * @param backends the figures of each backend
 */
@JsonPropertyOrder({
  "users",
  "eventsPerUser",
  "eventsPerSecond",
  "blockSeconds",
  "rounds",
  "parallelism",
  "seed",
  "backends"
})
record CheckpointFigures(
    int users,
    int eventsPerUser,
    double eventsPerSecond,
    double blockSeconds,
    int rounds,
    int parallelism,
    long seed,
    Map<String, OfBackend> backends) {

  /**
   * One checkpoint.
   *
   * @param millis from its trigger to its completion
   * @param syncMillis how long it held up the task that it held up longest
   * @param writtenBytes what it wrote
   * @param stateBytes what a job that is restored from it reads
   */
  @JsonPropertyOrder({"millis", "syncMillis", "writtenBytes", "stateBytes"})
  record Checkpoint(double millis, double syncMillis, double writtenBytes, double stateBytes) {}

  /**
   * The figures of a backend.
   *
   * @param first the first checkpoint, before the measured blocks
   * @param millis of the checkpoints in measured blocks: median, and the least and most as {@code
   *     low} and {@code high}
   * @param syncMillis the same
   * @param writtenBytes the same
   * @param stateBytes of the last checkpoint
   * @param latencyMillis from an event's scheduled time to its later feature row, in blocks {@code
   *     with} and {@code without} a checkpoint
   * @param cpuMicrosPerEvent CPU time of the job's process in blocks without checkpoints, without
   *     compilers: the median
   * @param cpuMillisPerCheckpoint by how much the CPU time of a block with a checkpoint is above
   *     that of the block without it in the same round; median with a 95 % interval
   * @param repeatedRows rows of events that had a row already
   */
  @JsonPropertyOrder({
    "first",
    "millis",
    "syncMillis",
    "writtenBytes",
    "stateBytes",
    "latencyMillis",
    "cpuMicrosPerEvent",
    "cpuMillisPerCheckpoint",
    "repeatedRows"
  })
  record OfBackend(
      Checkpoint first,
      Estimate millis,
      Estimate syncMillis,
      Estimate writtenBytes,
      double stateBytes,
      Map<String, LatencyMillis> latencyMillis,
      double cpuMicrosPerEvent,
      Estimate cpuMillisPerCheckpoint,
      long repeatedRows) {}

  /** Names of the blocks in {@link OfBackend#latencyMillis}. */
  static final String WITH = "with";

  static final String WITHOUT = "without";

  /** Returns whether every event had one row of each result. */
  boolean isRight() {
    return backends.values().stream().allMatch(backend -> backend.repeatedRows() == 0);
  }

  /** Formats the figures as a table for the console. */
  String table() {
    ConsoleTable table =
        new ConsoleTable()
            .row(
                "backend",
                "first, MB",
                "first, ms",
                "later, MB",
                "later, ms",
                "sync, ms",
                "CPU ms each",
                "p50/p99 ms without",
                "with a checkpoint");
    backends.forEach(
        (name, backend) ->
            table.row(
                name,
                NumberFormats.measure(backend.first().writtenBytes() / 1e6),
                NumberFormats.measure(backend.first().millis()),
                NumberFormats.measure(backend.writtenBytes().median() / 1e6),
                NumberFormats.measure(backend.millis().median()),
                NumberFormats.measure(backend.syncMillis().median()),
                NumberFormats.measure(backend.cpuMillisPerCheckpoint().median()),
                latency(backend, WITHOUT),
                latency(backend, WITH)));
    return table.render();
  }

  private static String latency(OfBackend backend, String blocks) {
    LatencyMillis latency = backend.latencyMillis().get(blocks);
    return latency == null
        ? ""
        : NumberFormats.measure(latency.p50()) + " / " + NumberFormats.measure(latency.p99());
  }
}
