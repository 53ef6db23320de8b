// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of one comparison, which are the content of {@code results.json}. The page {@code
 * docs/comparison.md} explains what each figure counts. Keep the page up to date with this class.
 *
 * @param mode {@code frozen}: all dimensions were loaded before the first event
 * @param profile the name of the profile that determined the sizes
 * @param finished whether all requested arms have run; if not, the results are those so far
 * @param identical whether all arms wrote equal rows, no row differed from the oracle's, and every
 *     event produced both features; false if not all arms have run
 * @param timed whether the timed figures are those of a job that has warmed up. If not, reports
 *     leave them out: {@code eventsPerSecond}, {@code cpuSecondsPerMillionEvents}, {@code
 *     serverCpuSecondsPerMillionEvents} and {@code latencyMillis}
 * @param problems the reasons why {@code identical} is false, as sentences; empty if it is true
 * @param input the input that was read
 * @param arms one element per arm that has run, in the requested order
 * @param dimensions the tables that the job looks up, each with the hash of its key and columns
 * @param run the settings and the environment of the run
 * @param sql the differences of each arm's SQL from that of the first arm
 */
@JsonPropertyOrder({
  "mode",
  "profile",
  "finished",
  "identical",
  "timed",
  "problems",
  "input",
  "arms",
  "dimensions",
  "run",
  "sql"
})
public record Results(
    String mode,
    String profile,
    boolean finished,
    boolean identical,
    boolean timed,
    List<String> problems,
    Input input,
    List<ArmResult> arms,
    Map<String, String> dimensions,
    Run run,
    List<SqlDifference> sql) {

  /**
   * The input that was read. {@code linesRead} equals {@code events} plus the sum of {@code
   * refused}.
   */
  public record Input(
      String source,
      long linesRead,
      Map<String, Long> refused,
      long events,
      long dimensionChanges,
      String sha256) {}

  /** The settings and the environment of the run. Two runs are comparable if these are the same. */
  public record Run(
      String commandLine,
      String version,
      String commit,
      String startedAt,
      String endedAt,
      double tookSeconds,
      int cores,
      String java,
      String flink,
      int parallelism,
      int warmUpEvents,
      int timedEvents,
      int pacedEvents,
      int pacedEventsPerSecond,
      long seed,
      List<String> armOrder,
      Map<String, String> servers) {}

  /** The figures of one arm. */
  public record ArmResult(
      String name,
      String store,
      String description,
      long events,
      Features features,
      Lookups lookups,
      long oracleMismatches,
      long deadLetters,
      String outputSha256,
      double eventsPerSecond,
      double cpuSecondsPerMillionEvents,
      WarmUp warmUp,
      Map<String, Double> serverCpuSecondsPerMillionEvents,
      double requestsPerEvent,
      Map<String, Double> requestsPerEventByServer,
      String requestsCountedBy,
      LatencyMillis latencyMillis,
      double pacedLagMillisMax,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OnlineTables onlineTables,
      long dimensionChangesApplied,
      double loadSeconds) {}

  /** Number of feature rows read back from Kafka. */
  public record Features(long risk, long marketing) {}

  /** Number of dimension lookups, derived from the feature rows: two lookups per event. */
  public record Lookups(long asked, long found) {}

  /**
   * Latency in milliseconds, from the intended send time of an event to the arrival of its later
   * feature in Kafka.
   */
  public record LatencyMillis(double p50, double p95, double p99) {}

  /**
   * Number of rows in the online feature tables at the end of the run, compared with the oracle's
   * newest row per user.
   */
  public record OnlineTables(long rows, long mismatches) {}

  /** The lines in which one arm's SQL differs from that of the first arm. */
  public record SqlDifference(String arm, String against, List<String> lines) {}
}
