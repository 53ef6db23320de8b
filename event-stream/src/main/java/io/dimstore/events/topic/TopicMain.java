// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReporter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code topic} command. */
@Command(
    name = "bin/dimstore topic",
    description = "Shows the topics of Kafka and their records.",
    subcommands = {ListCommand.class, ReadCommand.class},
    synopsisSubcommandLabel = "list|read",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore topic list --bootstrap localhost:9092",
      "  bin/dimstore topic read features-risk --bootstrap localhost:9092 --from-start"
    })
public final class TopicMain {

  private TopicMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(
        new TopicMain(), FailureReporter.messagesOf(List.of(TopicException.class)));
  }
}
