package io.dimstore.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one comparison found: the content of {@code results.json}. What each figure counts is
 * written in {@code docs/comparison.md}, which has to be kept in step.
 *
 * @param mode {@code frozen}: the dimensions were loaded whole before the first event
 * @param profile the profile that sized the run
 * @param identical whether all arms gave equal rows, none differed from the oracle's, and every
 *     event left with both features
 * @param problems why {@code identical} is false, in sentences; empty when it is true
 * @param input what was read
 * @param arms one element per arm, in the order asked for
 * @param run how it was run
 * @param sql how the SQL of each arm differs from that of the first
 */
@JsonPropertyOrder({"mode", "profile", "identical", "problems", "input", "arms", "run", "sql"})
record Results(
    String mode,
    String profile,
    boolean identical,
    List<String> problems,
    Input input,
    List<ArmResult> arms,
    Run run,
    List<SqlDifference> sql) {

  /** What was read; {@code linesRead} = {@code events} + the sum of {@code refused}. */
  record Input(
      String source,
      long linesRead,
      Map<String, Long> refused,
      long events,
      long dimensionChanges,
      String sha256) {}

  /** How it was run: what has to be the same for two runs to be alike. */
  record Run(
      String startedAt,
      double tookSeconds,
      int cores,
      String java,
      String flink,
      int parallelism,
      int pacedEvents,
      int pacedEventsPerSecond,
      long seed,
      List<String> armOrder,
      Map<String, String> servers) {}

  /** The figures of one arm. */
  record ArmResult(
      String name,
      String description,
      long events,
      Features features,
      Lookups lookups,
      long oracleMismatches,
      long deadLetters,
      String outputSha256,
      double eventsPerSecond,
      double cpuSecondsPerMillionEvents,
      Map<String, Double> serverCpuSecondsPerMillionEvents,
      double requestsPerEvent,
      Map<String, Double> requestsPerEventByServer,
      String requestsCountedBy,
      LatencyMillis latencyMillis,
      double pacedLagMillisMax,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OnlineTables onlineTables,
      long dimensionChangesApplied,
      double loadSeconds) {}

  /** Feature rows read back from Kafka. */
  record Features(long risk, long marketing) {}

  /** Dimension lookups, as the feature rows show them: two per event. */
  record Lookups(long asked, long found) {}

  /** From the intended send time of an event to the arrival of its later feature in Kafka. */
  record LatencyMillis(double p50, double p95, double p99) {}

  /** Rows of the online feature tables at the end, against the newest per user of the oracle. */
  record OnlineTables(long rows, long mismatches) {}

  /** One arm's SQL beside the first arm's. */
  record SqlDifference(String arm, String against, List<String> lines) {}

  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
