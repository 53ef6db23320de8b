package io.dimstore.features;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dimstore feature run}. */
@Command(
    name = "run",
    description = {
      "Runs the feature job: in this process, or on a cluster when submitted with 'flink run'.",
      "It goes on until it is stopped, unless --bounded is given."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  dimstore feature run --bootstrap localhost:9092 --store dynamodb \\",
      "      --store-option region=eu-central-1",
      "  dimstore feature run --bootstrap localhost:9092 --store memory --job risk --print-sql"
    })
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--bootstrap", required = true, paramLabel = "HOST:PORT", description = "Kafka.")
  private String bootstrap;

  @Option(
      names = "--kafka-option",
      paramLabel = "KEY=VALUE",
      description = "A property of the Kafka clients, such as security.protocol=SSL. Repeatable.")
  private Map<String, String> kafkaOptions = new LinkedHashMap<>();

  @Option(names = "--store", required = true, description = "The store's name, such as dynamodb.")
  private String store;

  @Option(
      names = "--store-option",
      paramLabel = "KEY=VALUE",
      description = "An option of the store, without the store's name before it. Repeatable.")
  private Map<String, String> storeOptions = new LinkedHashMap<>();

  @Option(
      names = "--job",
      defaultValue = "both",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Feature feature;

  @Option(names = "--events", defaultValue = "events", description = TOPIC + "of the events.")
  private String events;

  @Option(
      names = "--risk",
      defaultValue = "features-risk",
      description = TOPIC + "of risk-control features.")
  private String risk;

  @Option(
      names = "--marketing",
      defaultValue = "features-marketing",
      description = TOPIC + "of marketing features.")
  private String marketing;

  @Option(
      names = "--dead-letters",
      defaultValue = "events-dead-letters",
      description = TOPIC + "of the records that are no events.")
  private String deadLetters;

  @Option(
      names = "--group",
      defaultValue = "feature-job",
      description = "Consumer group; also names the transactions" + DEFAULT)
  private String group;

  @Option(
      names = "--start",
      defaultValue = "earliest",
      description = "earliest, or group: where the consumer group has committed" + DEFAULT)
  private String start;

  @Option(names = "--bounded", description = "End at what the topic holds at the start.")
  private boolean bounded;

  @Option(
      names = "--exactly-once",
      description = "Send rows in transactions; committed readers see them at checkpoints only.")
  private boolean exactlyOnce;

  @Option(
      names = "--sql-variant",
      description = "A folder of SQL files that replace the common ones.")
  private @Nullable String variant;

  @Option(
      names = "--parallelism",
      defaultValue = "0",
      description = "Of all operators; 0 for Flink's default" + DEFAULT)
  private int parallelism;

  @Option(
      names = "--checkpoint-interval",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "0s for no checkpoints" + DEFAULT)
  private Duration checkpointInterval;

  @Option(
      names = "--buffer-timeout",
      defaultValue = "1ms",
      converter = DurationConverter.class,
      description = "How long a record waits for company between operators" + DEFAULT)
  private Duration bufferTimeout;

  @Option(
      names = "--lookup-capacity",
      defaultValue = "1000",
      description = "Lookups under way per operator" + DEFAULT)
  private int lookupCapacity;

  @Option(
      names = "--lateness",
      defaultValue = "1d",
      converter = DurationConverter.class,
      description = "How much older than its user's newest an event may be" + DEFAULT)
  private Duration lateness;

  @Option(
      names = "--max-ahead",
      defaultValue = "5m",
      converter = DurationConverter.class,
      description =
          "How far an event time may lie ahead of its record's arrival, by the broker's clock where"
              + " the topic has LogAppendTime, else by the job's; at most the lateness"
              + DEFAULT)
  private Duration maxAhead;

  @Option(
      names = "--state-ttl",
      defaultValue = "35d",
      converter = DurationConverter.class,
      description = "When a silent user is forgotten" + DEFAULT)
  private Duration stateTtl;

  @Option(
      names = "--max-history",
      defaultValue = "9000000",
      description =
          "Events that one user may have in 30 days and the lateness; those beyond go to the dead"
              + " letters. 10,000 to 9,000,000"
              + DEFAULT)
  private long maxHistory;

  @Option(names = "--print-sql", description = "Print the SQL, secrets masked, and end.")
  private boolean printSql;

  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";
  private static final String TOPIC = "Topic (default: ${DEFAULT-VALUE}) ";

  /** Picocli sets the fields. */
  @SuppressWarnings("NullAway.Init")
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    if (printSql) {
      spec.commandLine().getOut().println(sql());
      return 0;
    }
    FeatureJobOptions options = options();
    FeatureJob job = build(StreamExecutionEnvironment.getExecutionEnvironment(), options);
    KafkaCheck.check(options);
    JobClient client = job.execute();
    spec.commandLine().getErr().println("feature job " + client.getJobID() + " is running");
    client.getJobExecutionResult().get();
    return 0;
  }

  private String sql() {
    try {
      return FeatureJob.sql(options());
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private FeatureJob build(StreamExecutionEnvironment env, FeatureJobOptions options) {
    try {
      return FeatureJob.build(env, options);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private FeatureJobOptions options() {
    try {
      return FeatureJobOptions.builder(bootstrap, store)
          .kafkaProperties(kafkaOptions)
          .storeOptions(storeOptions)
          .feature(feature)
          .eventsTopic(events)
          .riskTopic(risk)
          .marketingTopic(marketing)
          .deadLetterTopic(deadLetters)
          .groupId(group)
          .startFrom(startFrom())
          .bounded(bounded)
          .exactlyOnce(exactlyOnce)
          .sqlVariant(variant)
          .parallelism(parallelism)
          .checkpointInterval(checkpointInterval)
          .bufferTimeout(bufferTimeout)
          .lookupCapacity(lookupCapacity)
          .lateness(lateness)
          .maxAhead(maxAhead)
          .stateTtl(stateTtl)
          .maxHistory(maxHistory)
          .build();
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private StartFrom startFrom() {
    return switch (start) {
      case "earliest" -> StartFrom.EARLIEST;
      case "group" -> StartFrom.GROUP_OFFSETS;
      default -> throw new IllegalArgumentException("--start must be earliest or group");
    };
  }

  private ParameterException usage(IllegalArgumentException e) {
    CommandLine commandLine = spec.commandLine();
    return new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
  }
}
