// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.jobs.JobException;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Restores each set of results from a savepoint of each other set, with lookups in flight. */
class ChangeOfFeaturesIT {

  @RegisterExtension static final LocalStackExtension STACK = LocalStackExtension.with("kafka");

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ANSWERED = 200;
  private static final int BEFORE = 400;
  private static final int ALL = 600;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final long seed = new SplittableRandom().nextLong();
  private final PipelineInput input = new PipelineInput(seed, ALL);

  @TempDir private Path folder;

  @AfterEach
  void openTheGate() {
    GatedStore.open();
  }

  @Test
  void lookupsInFlightCompleteWhateverResultsTheNextJobComputes() throws Exception {
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      Map<Feature, String> savepoints = new EnumMap<>(Feature.class);
      for (Feature from : Feature.values()) {
        savepoints.put(from, savepointWithLookupsInFlight(kafka, from));
      }
      for (Feature from : Feature.values()) {
        send(kafka, from, BEFORE, ALL);
      }
      GatedStore.open();
      for (Feature from : Feature.values()) {
        for (Feature to : Feature.values()) {
          if (from != to) {
            restore(kafka, savepoints.get(from), from, to);
          }
        }
      }
    }
  }

  @Test
  void stateThatNoOperatorTakesOverIsRefusedWithTheRemedyAndDroppedOnlyWhereAllowed()
      throws Exception {
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      String savepoint = savepointWithLookupsInFlight(kafka, Feature.RISK);
      GatedStore.open();
      putFewerColumnsOnTheClassPath();
      FeatureJobOptions.Builder otherQueries =
          options(Feature.RISK, Feature.RISK, "other").sqlVariant("fewer-columns");
      assertThatThrownBy(() -> start(otherQueries, restored(savepoint)))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("holds state of operators that this job does not have")
          .hasMessageContaining("Restore it with the SQL files and tables")
          .hasMessageContaining("--allowNonRestoredState");
      Configuration dropping = restored(savepoint);
      dropping.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
      start(otherQueries, dropping).cancel().get();
    }
  }

  /** Writes a variant of the enriched view without a column that risk control does not use. */
  private static void putFewerColumnsOnTheClassPath() throws IOException, URISyntaxException {
    String query;
    try (InputStream in = ChangeOfFeaturesIT.class.getResourceAsStream("/sql/enriched.sql")) {
      query = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String ofAMinute = "e.returned_1m, ";
    assertThat(query).contains(ofAMinute);
    Path classes =
        Path.of(
            ChangeOfFeaturesIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.writeString(
        Files.createDirectories(classes.resolve("sql/fewer-columns")).resolve("enriched.sql"),
        query.replace(ofAMinute, ""));
  }

  /** Runs a job until its lookups wait at the gate, and stops it with a savepoint there. */
  private String savepointWithLookupsInFlight(KafkaTopics kafka, Feature from) throws Exception {
    kafka.create(events(from), 2);
    topics(kafka, from, "before");
    new MemoryTables(instance(from, "before")).loadDimensions(input.users, input.items);
    GatedStore.open();
    JobClient job = start(options(from, from, "before"), new Configuration());
    send(kafka, from, 0, ANSWERED);
    await(
        from + " before the gate is shut",
        () ->
            from.results().stream()
                .allMatch(
                    result ->
                        rows(kafka, result, from, "before").equals(expected(result, 0, ANSWERED))));
    GatedStore.shut();
    send(kafka, from, ANSWERED, BEFORE);
    String group = name("group", from, "before");
    await(
        from + ": all events read, and lookups at the gate",
        () -> GatedStore.waiting() >= 20 && kafka.isReadWhole(events(from), group));
    String savepoint =
        job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    job.getJobExecutionResult().get();
    return savepoint;
  }

  private void restore(KafkaTopics kafka, String savepoint, Feature from, Feature to)
      throws Exception {
    String change = from + "-" + to;
    topics(kafka, from, change);
    new MemoryTables(instance(from, change)).loadDimensions(input.users, input.items);
    JobClient job = start(options(from, to, change), restored(savepoint));
    Map<Result, Map<String, String>> wanted = new EnumMap<>(Result.class);
    for (Result result : Result.values()) {
      int begin = from.results().contains(result) ? 0 : BEFORE;
      int end = to.results().contains(result) ? ALL : BEFORE;
      wanted.put(result, begin < end ? expected(result, begin, end) : Map.of());
    }
    await(
        change,
        () ->
            wanted.entrySet().stream()
                .allMatch(
                    each ->
                        all(kafka, each.getKey(), from, change).size() >= each.getValue().size()));
    job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL).get();
    job.getJobExecutionResult().get();
    wanted.forEach(
        (result, rows) ->
            assertThat(all(kafka, result, from, change))
                .as("seed %d, %s, %s", seed, change, result)
                .isEqualTo(rows));
  }

  /** The rows of a result from before and from after the change. */
  private Map<String, String> all(KafkaTopics kafka, Result result, Feature from, String change) {
    Map<String, String> all = new TreeMap<>(rows(kafka, result, from, "before"));
    all.putAll(rows(kafka, result, from, change));
    return all;
  }

  private Map<String, String> rows(KafkaTopics kafka, Result result, Feature from, String phase) {
    return kafka.readByEventId(topic(result, from, phase));
  }

  private Map<String, String> expected(Result result, int begin, int end) {
    Set<String> ids =
        input.events.subList(begin, end).stream()
            .map(OracleEvent::eventId)
            .collect(Collectors.toSet());
    Map<String, String> rows = new TreeMap<>(result == Result.RISK ? input.risk : input.marketing);
    rows.keySet().retainAll(ids);
    return rows;
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      LockSupport.parkNanos(100_000_000); // reading whole topics takes processor time from the job
    }
  }

  private void send(KafkaTopics kafka, Feature from, int begin, int end) {
    for (OracleEvent event : input.events.subList(begin, end)) {
      kafka.send(events(from), event.userId(), PipelineInput.json(event));
    }
    kafka.flush();
  }

  private void topics(KafkaTopics kafka, Feature from, String phase) throws Exception {
    for (Result result : Result.values()) {
      kafka.create(topic(result, from, phase), 1);
    }
  }

  private String events(Feature from) {
    return name("events", from, "");
  }

  private String topic(Result result, Feature from, String phase) {
    return name(result.view(), from, phase);
  }

  private String instance(Feature from, String phase) {
    return name("store", from, phase);
  }

  private String name(String what, Feature from, String phase) {
    return String.join("-", what, from.toString(), phase, run).toLowerCase(Locale.ROOT);
  }

  private FeatureJobOptions.Builder options(Feature from, Feature to, String phase) {
    return FeatureJobOptions.builder(STACK.kafka().bootstrapServers(), "gated")
        .job(
            settings ->
                settings
                    .storeOptions(Map.of("instance", instance(from, phase)))
                    .groupId(name("group", from, phase))
                    .checkpointInterval(Duration.ofSeconds(1)))
        .feature(to)
        .eventsTopic(events(from))
        .riskTopic(topic(Result.RISK, from, phase))
        .marketingTopic(topic(Result.MARKETING, from, phase))
        .deadLetterTopic(name("dead", from, phase));
  }

  private static Configuration restored(String savepoint) {
    Configuration configuration = new Configuration();
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    return configuration;
  }

  private static JobClient start(FeatureJobOptions.Builder options, Configuration configuration) {
    return FeatureJob.build(
            StreamExecutionEnvironment.createLocalEnvironment(2, configuration), options.build())
        .execute();
  }
}
