// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.cli.UsageException;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.output.DirectoryWriter;
import io.dimstore.events.output.RecordSink;
import io.dimstore.events.output.RefusedFile;
import io.dimstore.events.output.TopicOptions;
import io.dimstore.events.output.TopicWriter;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.transfer.Transfer;
import io.dimstore.events.transfer.TransferPace;
import io.dimstore.events.transfer.TransferReport;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The output options that both commands share. Also runs the input into the output. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OutputOptions {

  private static final Pattern BAD_VALUE = Pattern.compile("(\\S+) is (.*) and (must be .*)");

  @Option(
      names = "--events-per-second",
      paramLabel = "N",
      description = "Events to send per second; without it, as fast as possible.")
  private @Nullable Double eventsPerSecond;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder to write to. It gets events.jsonl, dim-user-changes.jsonl and"
              + " dim-item-changes.jsonl, and Kafka gets nothing. Files of these names are replaced.")
  private @Nullable Path directory;

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
      paramLabel = "send|intended|event",
      defaultValue = "send",
      description =
          "Time of the Kafka records: when they are sent, when they were due by"
              + " --events-per-second or --speed, or when the event happened.")
  private TopicOptions.Timestamps timestamps = TopicOptions.Timestamps.SEND;

  /**
   * Runs the input into the output, prints the counts and returns them.
   *
   * @param canRefuse whether the input may refuse lines, so that a place for them is needed
   */
  TransferReport run(CommandSpec spec, EventInput input, TransferPace pace, boolean canRefuse) {
    if (directory == null ? !kafka.isKnown() : kafka.isGiven()) {
      throw Usage.error("say where to write: either --bootstrap or --out");
    }
    if (directory != null && !(pace instanceof TransferPace.Unpaced)) {
      throw Usage.error("--events-per-second and --speed go with --bootstrap: files are not paced");
    }
    if (directory != null && kafka.isConfigured()) {
      throw Usage.error(
          "--kafka-option and --kafka-config go with --bootstrap: --out sends nothing to Kafka");
    }
    Progress progress = new Progress(spec.commandLine().getErr());
    try (RefusedFile file = refused == null ? null : RefusedFile.create(refused);
        RecordSink sink = open(canRefuse && file == null)) {
      Consumer<RefusedLine> keeper = file == null ? sink::refuse : file;
      try (EventReader reader = input.open(keeper)) {
        TransferReport report =
            Transfer.create(events -> progress.update("events", events, -1))
                .run(reader, sink, pace);
        ReportTable.print(input.description(), report, spec.commandLine().getOut());
        return report;
      }
    }
  }

  private RecordSink open(boolean refusedTopicNeeded) {
    if (directory != null) {
      return DirectoryWriter.open(directory);
    }
    try {
      return TopicWriter.open(
          TopicOptions.at(kafka.bootstrap())
              .withTopics(
                  eventsTopic,
                  userChangesTopic,
                  itemChangesTopic,
                  refusedTopicNeeded ? refusedTopic : null)
              .withPartitions(partitions)
              .withTimestamps(timestamps)
              .withClientProperties(kafka.properties()));
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  boolean hasRate() {
    return eventsPerSecond != null;
  }

  /**
   * Returns the pace that {@code --events-per-second} requests; without it, as fast as possible.
   */
  TransferPace pace() {
    if (eventsPerSecond == null) {
      return new TransferPace.Unpaced();
    }
    requirePositive("--events-per-second", eventsPerSecond);
    return new TransferPace.Rate(eventsPerSecond);
  }

  static void requirePositive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw Usage.badValue(option, value, "must be above 0");
    }
  }

  /** Converts the refusal of an option's value to an error that names the option. */
  static UsageException refused(IllegalArgumentException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher bad = BAD_VALUE.matcher(message);
    return bad.matches()
        ? Usage.badValue("--" + bad.group(1), bad.group(2), bad.group(3))
        : Usage.error("--" + message);
  }
}
