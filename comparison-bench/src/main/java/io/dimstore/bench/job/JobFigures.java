// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.dimstore.bench.measure.ThreadUsage;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a measurement, as written to the results file. The page {@code
 * docs/performance.md} explains the figures. Keep the page up to date with this class.
 *
 * @param input the events
 * @param events number of events of the input, each of which every arm processed
 * @param warmUpEvents number of events that each arm processed before its first measured block:
 *     others that warmed it up, and the first of the input
 * @param rounds number of measured blocks of each arm
 * @param eventsPerBlock number of events in each of them
 * @param parallelism of the job, also the number of threads of the arm without Flink
 * @param lingerMillis how long a producer waited for further rows
 * @param seed of the order of the arms in each round and of the intervals
 * @param servers the servers by name
 * @param ratios per arm: CPU time per event, without that of compilers, divided by that of the arm
 *     without Flink in the same round
 * @param cpuMicrosPerEvent per arm: CPU time of its process by group of threads, the mean over all
 *     measured blocks
 * @param allocatedBytesPerEvent per arm: bytes allocated on the heap
 * @param requestsPerEvent per arm: requests to the servers of the store, lookups and online writes
 * @param serverCpuMicrosPerEvent per arm: CPU time of each server while the arm's blocks ran
 * @param oracleMismatches per arm: rows that are not byte by byte the oracle's, missing ones
 *     included
 * @param onlineTableMismatches per arm that writes online tables: wrong rows in them at the end
 * @param cpuMicrosByRound per arm and round: what the ratios are computed from
 * @param calibratorMillis CPU time of the same computation before each block: median, least and
 *     most
 */
@JsonPropertyOrder({
  "input",
  "events",
  "warmUpEvents",
  "rounds",
  "eventsPerBlock",
  "parallelism",
  "lingerMillis",
  "seed",
  "servers",
  "ratios",
  "cpuMicrosPerEvent",
  "allocatedBytesPerEvent",
  "requestsPerEvent",
  "serverCpuMicrosPerEvent",
  "oracleMismatches",
  "onlineTableMismatches",
  "cpuMicrosByRound",
  "calibratorMillis"
})
record JobFigures(
    String input,
    int events,
    int warmUpEvents,
    int rounds,
    int eventsPerBlock,
    int parallelism,
    long lingerMillis,
    long seed,
    Map<String, String> servers,
    Map<String, Estimate> ratios,
    Map<String, Map<String, Double>> cpuMicrosPerEvent,
    Map<String, Double> allocatedBytesPerEvent,
    Map<String, Double> requestsPerEvent,
    Map<String, Map<String, Double>> serverCpuMicrosPerEvent,
    Map<String, Long> oracleMismatches,
    Map<String, Long> onlineTableMismatches,
    Map<String, List<Double>> cpuMicrosByRound,
    Estimate calibratorMillis) {

  private static final List<String> GROUPS =
      List.of(
          ThreadUsage.JOB,
          ThreadUsage.KAFKA,
          ThreadUsage.STORE,
          ThreadUsage.GC,
          ThreadUsage.OTHER,
          ThreadUsage.JIT);

  /** Returns whether all rows of all arms are right. */
  boolean isRight() {
    return oracleMismatches.values().stream().allMatch(count -> count == 0)
        && onlineTableMismatches.values().stream().allMatch(count -> count == 0);
  }

  /** Formats the figures as a table for the console. */
  String table() {
    ConsoleTable table =
        new ConsoleTable()
            .row(
                "arm",
                "ratio",
                "95 %",
                "job",
                "kafka",
                "store",
                "gc",
                "other",
                "jit",
                "KB/event",
                "requests",
                "wrong");
    ratios.forEach(
        (arm, ratio) -> {
          Map<String, Double> cpu = cpuMicrosPerEvent.getOrDefault(arm, Map.of());
          List<String> micros =
              GROUPS.stream()
                  .map(group -> NumberFormats.measure(cpu.getOrDefault(group, 0.0)))
                  .toList();
          table.row(
              arm,
              NumberFormats.measure(ratio.median()),
              NumberFormats.measure(ratio.low()) + " - " + NumberFormats.measure(ratio.high()),
              micros.get(0),
              micros.get(1),
              micros.get(2),
              micros.get(3),
              micros.get(4),
              micros.get(5),
              NumberFormats.measure(allocatedBytesPerEvent.getOrDefault(arm, 0.0) / 1e3),
              NumberFormats.measure(requestsPerEvent.getOrDefault(arm, 0.0)),
              NumberFormats.count(
                  oracleMismatches.getOrDefault(arm, 0L)
                      + onlineTableMismatches.getOrDefault(arm, 0L)));
        });
    return table.render();
  }
}
