// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code topic read}. */
@Command(
    name = "read",
    description = {
      "Prints the values of a topic's records as they are, a line each: of records that come from",
      "now on, or with --from-start of all. Waits for a topic that does not exist yet. Records of",
      "transactions that are not committed are left out. Ends with exit code 3 if there was no",
      "record, and with 1 if there is no such topic."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore topic read features-risk --bootstrap localhost:9092 --from-start --limit 3",
      "  bin/dimstore topic read events-dead-letters --bootstrap localhost:9092 --wait 10m"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReadCommand implements Callable<Integer> {

  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPIC", description = "Topic to read.")
  private String topic;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--from-start",
      description = "Begin with the first record that the topic still has.")
  private boolean fromStart;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "The most records to read.")
  private long limit;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long to wait for the next record before the command ends.")
  private Duration wait;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--limit", limit);
    long read;
    try (TopicBrowser reader =
        TopicBrowser.open(
            kafka.bootstrap(), kafka.properties(), spec.commandLine().getErr()::println)) {
      read = reader.read(topic, fromStart, limit, wait, ReadCommand::print);
    }
    if (read == 0) {
      spec.commandLine()
          .getErr()
          .println("topic " + topic + ": no record within " + DurationText.of(wait));
      return ExitCodes.NEGATIVE;
    }
    return ExitCodes.OK;
  }

  /** Prints the bytes, whatever the character set of the terminal. */
  private static void print(byte @Nullable [] value) {
    System.out.writeBytes(value == null ? NULL : value);
    System.out.write('\n');
    System.out.flush();
  }
}
