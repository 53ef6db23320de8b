package io.dimstore.events;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the records go: the options that both commands share, and the run itself. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OutputOptions {

  @ArgGroup(multiplicity = "1")
  private Target target;

  /** Either Kafka or files. */
  static final class Target {
    @Option(
        names = "--bootstrap",
        paramLabel = "HOST:PORT",
        description = "Kafka to write to: brokers, separated by commas.")
    private @Nullable String bootstrap;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description =
            "Write events.jsonl, dim-user-changes.jsonl, dim-item-changes.jsonl there instead of"
                + " to Kafka. Files of these names are replaced.")
    private @Nullable Path directory;
  }

  @Option(
      names = "--refused",
      paramLabel = "FILE",
      description =
          "Keep lines that cannot be an event in this file (JSON lines) instead of in the topic"
              + " refused-lines or in refused-lines.jsonl of --out.")
  private @Nullable Path refused;

  @Option(names = "--events-topic", paramLabel = "TOPIC", description = "Topic of the events.")
  private String eventsTopic = TopicOptions.EVENTS;

  @Option(
      names = "--user-changes-topic",
      paramLabel = "TOPIC",
      description = "Topic of the changes of dim_user.")
  private String userChangesTopic = TopicOptions.USER_CHANGES;

  @Option(
      names = "--item-changes-topic",
      paramLabel = "TOPIC",
      description = "Topic of the changes of dim_item.")
  private String itemChangesTopic = TopicOptions.ITEM_CHANGES;

  @Option(
      names = "--refused-topic",
      paramLabel = "TOPIC",
      description = "Topic of the lines that cannot be an event.")
  private String refusedTopic = TopicOptions.REFUSED_LINES;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of topics that do not exist yet.")
  private int partitions = 4;

  @Option(
      names = "--timestamps",
      paramLabel = "WHICH",
      description =
          "Time of the Kafka records: ${COMPLETION-CANDIDATES} (sent, due by --rate or --speed,"
              + " happened).")
  private TopicOptions.Timestamps timestamps = TopicOptions.Timestamps.SEND;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Further settings of the Kafka clients (properties), for instance of security.")
  private @Nullable Path kafkaConfig;

  /**
   * Runs the input into the output and prints the counts.
   *
   * @param canRefuse whether the input may refuse lines, so that a place for them is needed
   */
  void run(CommandSpec spec, EventInput input, Pace pace, boolean canRefuse) {
    if (target.directory != null && !(pace instanceof Pace.Unpaced)) {
      throw new ParameterException(
          spec.commandLine(), "--rate and --speed need --bootstrap: files are not paced");
    }
    Progress progress = new Progress(spec.commandLine().getErr(), System::nanoTime);
    try (RefusedFile file = refused == null ? null : RefusedFile.create(refused);
        RecordSink sink = open(spec, canRefuse && file == null)) {
      Consumer<RefusedLine> keeper = file == null ? sink::refuse : file;
      try (EventReader reader = input.open(keeper)) {
        TransferReport report = Transfer.create(progress).run(reader, sink, pace);
        ReportTable.print(input.description(), report, spec.commandLine().getOut());
      }
    }
  }

  private RecordSink open(CommandSpec spec, boolean refusedTopicNeeded) {
    if (target.directory != null) {
      return DirectoryWriter.open(target.directory);
    }
    if (target.bootstrap == null) {
      throw new ParameterException(spec.commandLine(), "--bootstrap or --out is needed");
    }
    try {
      return TopicWriter.open(
          TopicOptions.at(target.bootstrap)
              .withTopics(
                  eventsTopic,
                  userChangesTopic,
                  itemChangesTopic,
                  refusedTopicNeeded ? refusedTopic : null)
              .withPartitions(partitions)
              .withTimestamps(timestamps)
              .withClientProperties(kafkaProperties(spec)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
  }

  private Map<String, String> kafkaProperties(CommandSpec spec) {
    if (kafkaConfig == null) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(kafkaConfig)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--kafka-config: cannot read the file " + kafkaConfig);
    }
    Map<String, String> result = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> result.put(name, properties.getProperty(name)));
    return result;
  }
}
