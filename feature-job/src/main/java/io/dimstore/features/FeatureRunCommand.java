// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import io.dimstore.cli.ClusterOptions;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.JobOptions;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.SavepointOption;
import io.dimstore.cli.Usage;
import io.dimstore.cli.store.StoreOptions;
import io.dimstore.features.input.FeatureCounts;
import io.dimstore.features.job.Feature;
import io.dimstore.features.job.FeatureJob;
import io.dimstore.features.job.FeatureJobOptions;
import io.dimstore.features.job.FeatureSql;
import io.dimstore.jobs.kafka.LostRecords;
import io.dimstore.jobs.kafka.StartFrom;
import io.dimstore.jobs.kafka.TopicPreflight;
import io.dimstore.jobs.run.ClusterJob;
import io.dimstore.jobs.run.ClusterPreflight;
import io.dimstore.jobs.run.JobFollower;
import io.dimstore.jobs.run.LocalStoreMetrics;
import io.dimstore.jobs.run.RunEnvironment;
import io.dimstore.jobs.sql.Backlogs;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dimstore feature run}. */
@Command(
    name = "run",
    description = {
      "Runs the feature job: in this process, on the cluster of --cluster, or on the one that 'flink"
          + " run' submits it to.",
      "It runs until it is stopped, unless --bounded is given."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore feature run --bootstrap localhost:9092 --store dynamodb \\",
      "      --store-option region=eu-central-1",
      "  bin/dimstore feature run --store dynamodb --cluster http://127.0.0.1:8081 --exactly-once",
      "  bin/dimstore feature run --bootstrap localhost:9092 --store memory --job risk --print-sql"
    })
final class FeatureRunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private KafkaOptions kafka;

  @Mixin private StoreOptions store;

  @Option(
      names = "--job",
      paramLabel = "risk|marketing|both",
      defaultValue = "both",
      description = "Which features to compute.")
  private Feature feature;

  @Option(
      names = "--events-topic",
      paramLabel = "TOPIC",
      defaultValue = "events",
      description = "Topic of the events.")
  private String events;

  @Option(
      names = "--risk-topic",
      paramLabel = "TOPIC",
      defaultValue = "features-risk",
      description = "Topic of risk-control features.")
  private String risk;

  @Option(
      names = "--marketing-topic",
      paramLabel = "TOPIC",
      defaultValue = "features-marketing",
      description = "Topic of marketing features.")
  private String marketing;

  @Option(
      names = "--dead-letter-topic",
      paramLabel = "TOPIC",
      defaultValue = "events-dead-letters",
      description = "Topic of the records that cannot be read or are refused, with the reason.")
  private String deadLetters;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      defaultValue = "feature-job",
      description = "Consumer group of Kafka. Also names the transactions.")
  private String group;

  @Mixin private JobOptions job;

  @Mixin private ClusterOptions cluster;

  @Mixin private SavepointOption savepoint;

  @Option(
      names = "--exactly-once",
      description = "Send rows in transactions; committed readers see them at checkpoints only.")
  private boolean exactlyOnce;

  @Option(
      names = "--sql-variant",
      paramLabel = "NAME",
      description = "A folder of SQL files that replace the common ones.")
  private @Nullable String variant;

  @Option(
      names = "--buffer-timeout",
      paramLabel = "DURATION",
      defaultValue = "1ms",
      description = "How long a record waits between operators for others to be sent with it.")
  private Duration bufferTimeout;

  @Option(
      names = "--lookup-capacity",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Lookups in flight per operator at most.")
  private int lookupCapacity;

  @Option(
      names = "--lateness",
      paramLabel = "DURATION",
      defaultValue = "1d",
      description = "How much older than its user's newest event an event may be.")
  private Duration lateness;

  @Option(
      names = "--max-ahead",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description =
          "How far a record's own time may lie ahead of its arrival. The time is the event time, the"
              + " arrival is by the broker's clock where the topic has LogAppendTime, else by the"
              + " job's. At most the lateness.")
  private Duration maxAhead;

  @Option(
      names = "--state-ttl",
      paramLabel = "DURATION",
      defaultValue = "35d",
      description = "Time without events after which the state of a user is removed.")
  private Duration stateTtl;

  @Option(
      names = "--max-history",
      paramLabel = "N",
      defaultValue = "9000000",
      description =
          "Events that one user may have in 30 days and the lateness, 10,000 to 9,000,000. Those"
              + " beyond go to the dead-letter topic.")
  private long maxHistory;

  /** Picocli sets the fields. */
  @SuppressWarnings("NullAway.Init")
  FeatureRunCommand() {}

  @Override
  public Integer call() throws Exception {
    if (job.printSql()) {
      spec.commandLine().getOut().println(sql(options()).masked());
      return ExitCodes.OK;
    }
    URI address = cluster.cluster();
    String from = savepoint.of(address);
    if (address != null && !job.noCheck()) {
      ClusterPreflight.require(address);
    }
    store.requireKnown();
    FeatureJobOptions options = options();
    FeatureSql sql = job.noCheck() ? sql(options) : checkedSql(options);
    JobClient client =
        build(address == null ? RunEnvironment.get() : RunEnvironment.of(address, from), options)
            .execute();
    say(
        "job "
            + client.getJobID()
            + ": "
            + options.eventsTopic()
            + " -> "
            + String.join(", ", options.resultTopics())
            + " with store "
            + options.job().store());
    PrintWriter out = spec.commandLine().getOut();
    if (address != null) {
      out.println(ClusterJob.line(client, address));
      out.flush();
    }
    if (!cluster.isAwaited()) {
      return ExitCodes.OK;
    }
    LocalStoreMetrics metrics = new LocalStoreMetrics(options.job().store());
    new JobFollower(client, metrics, counts -> FeatureCounts.of(counts).read(), this::say).follow();
    FeatureCounts counts = FeatureJob.await(client);
    out.print(counts.table(options.eventsTopic()));
    metrics.counts().forEach(out::println);
    if (metrics.isOpenHere()) {
      Backlogs.lines(sql.onlineTables()).forEach(out::println);
    }
    out.flush();
    return ExitCodes.OK;
  }

  /**
   * Returns the SQL of the job after a check of Kafka and the store, which are asked while the
   * declarations of the tables are read. Creates the topics that the job writes to, if they do not
   * exist.
   *
   * @throws io.dimstore.jobs.JobException naming the problem and the remedy
   */
  private FeatureSql checkedSql(FeatureJobOptions options) throws InterruptedException {
    StorePing ping = StorePing.begin(store.store(), store.options(), StorePing.Scope.ALL);
    try (TopicPreflight topics = TopicPreflight.of(options.job().kafka())) {
      FeatureSql sql = sql(options);
      StorePreflight.requireForJob(ping, sql.dimensionTables(), sql.onlineTables());
      topics.require(List.of(options.eventsTopic()));
      List<String> created = new ArrayList<>(options.resultTopics());
      created.add(options.deadLetterTopic());
      topics.create(created);
      return sql;
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private static FeatureSql sql(FeatureJobOptions options) {
    try {
      return FeatureSql.of(options);
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  private FeatureJob build(StreamExecutionEnvironment env, FeatureJobOptions options) {
    try {
      return FeatureJob.build(env, options);
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  private FeatureJobOptions options() {
    Usage.requireAtLeast(1, "--lookup-capacity", lookupCapacity);
    try {
      return FeatureJobOptions.builder(kafka.bootstrap(), store.store())
          .job(
              settings ->
                  settings
                      .kafkaProperties(kafka.properties())
                      .storeOptions(store.options())
                      .groupId(group)
                      .startFrom(StartFrom.valueOf(job.start().name()))
                      .lostRecords(LostRecords.valueOf(job.lostRecords().name()))
                      .bounded(job.bounded())
                      .parallelism(job.parallelism())
                      .checkpointInterval(job.checkpointInterval()))
          .feature(feature)
          .eventsTopic(events)
          .riskTopic(risk)
          .marketingTopic(marketing)
          .deadLetterTopic(deadLetters)
          .exactlyOnce(exactlyOnce)
          .sqlVariant(variant)
          .bufferTimeout(bufferTimeout)
          .lookupCapacity(lookupCapacity)
          .lateness(lateness)
          .maxAhead(maxAhead)
          .stateTtl(stateTtl)
          .maxHistory(maxHistory)
          .build();
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }
}
