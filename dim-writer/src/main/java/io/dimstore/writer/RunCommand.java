// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.ClusterOptions;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.JobOptions;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.SavepointOption;
import io.dimstore.cli.Usage;
import io.dimstore.jobs.kafka.KafkaConnection;
import io.dimstore.jobs.kafka.LostRecords;
import io.dimstore.jobs.kafka.StartFrom;
import io.dimstore.jobs.run.ClusterJob;
import io.dimstore.jobs.run.ClusterPreflight;
import io.dimstore.jobs.run.JobFollower;
import io.dimstore.jobs.run.LocalStoreMetrics;
import io.dimstore.jobs.run.RunEnvironment;
import io.dimstore.jobs.sql.Backlogs;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.core.execution.JobClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code write run}. */
@Command(
    name = "run",
    description =
        "Writes the changes of dimension rows from their topics to a store. Records that are not"
            + " valid changes go to the dead-letter topic with the reason. Runs in this process, on"
            + " the cluster of --cluster, or on the one that 'flink run' submits it to.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write run --bootstrap localhost:9092 --store dynamodb \\",
      "      --store-option endpoint=http://localhost:8000 --bounded",
      "  bin/dimstore write run --bootstrap localhost:9092 --store hbase-redis \\",
      "      --store-option zookeeper.quorum=zk:2181 --store-option redis.host=cache",
      "  bin/dimstore write run --store dynamodb --cluster http://127.0.0.1:8081",
      "  bin/dimstore write run --bootstrap localhost:9092 --store dynamodb --sql merchant.sql",
      "  bin/dimstore write run --bootstrap broker:9092 --store dynamodb --dimensions user \\",
      "      --dimension-topic user=crm.users --kafka-option security.protocol=SSL --print-sql"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private KafkaOptions kafka;

  @Mixin private StoreArguments store;

  @Option(
      names = "--dimension-topic",
      paramLabel = "DIMENSION=TOPIC",
      showDefaultValue = Visibility.NEVER,
      description = "Topic of a dimension's changes, instead of dim-DIMENSION-changes. Repeatable.")
  private Map<String, String> topics = new LinkedHashMap<>();

  @Option(
      names = "--dead-letter-topic",
      paramLabel = "TOPIC",
      description =
          "Topic of the records that cannot be read or are refused, with the reason. Created if it"
              + " does not exist.")
  private String deadLetters = "dim-dead-letters";

  @Option(names = "--group", paramLabel = "NAME", description = "Consumer group of Kafka.")
  private String group = "dim-writer";

  @Mixin private JobOptions job;

  @Mixin private ClusterOptions cluster;

  @Mixin private SavepointOption savepoint;

  @Option(
      names = "--max-ahead",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description =
          "How far a record's own time may lie ahead of its arrival. The time is the version; the"
              + " arrival is by the broker's clock where the topic has LogAppendTime, else by the"
              + " job's.")
  private Duration maxAhead = Duration.ofMinutes(5);

  @Option(
      names = "--any-version",
      description = "Versions are not epoch milliseconds: do not compare them with a clock.")
  private boolean anyVersion;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (job.printSql()) {
      out.print(DimWriterJob.sql(options()));
      out.flush();
      return ExitCodes.OK;
    }
    URI address = cluster.cluster();
    String from = savepoint.of(address);
    if (address != null && !job.noCheck()) {
      ClusterPreflight.require(address);
    }
    WriterOptions options = job.noCheck() ? options() : checkedOptions();
    DimWriterJob writer =
        DimWriterJob.build(
            address == null ? RunEnvironment.get() : RunEnvironment.of(address, from), options);
    JobClient client = writer.execute();
    say(
        "job "
            + client.getJobID()
            + ": "
            + options.routes()
            + " of store "
            + options.job().store());
    if (address != null) {
      out.println(ClusterJob.line(client, address));
      out.flush();
    }
    if (!cluster.isAwaited()) {
      return ExitCodes.OK;
    }
    LocalStoreMetrics metrics = new LocalStoreMetrics(options.job().store());
    new JobFollower(client, metrics, writer::read, this::say).follow();
    WriterResult result = writer.await(client);
    out.print(result.table());
    metrics.counts().forEach(out::println);
    if (metrics.isOpenHere()) {
      Backlogs.lines(options.tables()).forEach(out::println);
    }
    out.flush();
    return ExitCodes.OK;
  }

  /**
   * Returns the options after a check of Kafka and the store, which are asked before the options
   * are complete: those include the columns of the tables.
   */
  private WriterOptions checkedOptions() throws InterruptedException {
    KafkaConnection brokers = new KafkaConnection(kafka.bootstrap(), kafka.properties());
    try (Preflight preflight = Preflight.begin(brokers, store.ping())) {
      WriterOptions options = options();
      preflight.check(options);
      return options;
    }
  }

  private WriterOptions options() {
    try {
      List<WriterOptions.Route> routes = store.routes(topics);
      return WriterOptions.builder(kafka.bootstrap(), store.store(routes))
          .job(
              settings ->
                  settings
                      .storeOptions(store.options())
                      .groupId(group)
                      .startFrom(StartFrom.valueOf(job.start().name()))
                      .lostRecords(LostRecords.valueOf(job.lostRecords().name()))
                      .bounded(job.bounded())
                      .parallelism(job.parallelism())
                      .checkpointInterval(job.checkpointInterval())
                      .kafkaProperties(kafka.properties()))
          .routes(routes)
          .deadLetterTopic(deadLetters)
          .maxAhead(anyVersion ? null : maxAhead)
          .build();
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
