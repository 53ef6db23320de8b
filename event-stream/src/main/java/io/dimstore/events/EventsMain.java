// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReporter;
import io.dimstore.events.record.EventStreamException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code dimstore events}: writes events and dimension changes, generated or from a file. */
@Command(
    name = "bin/dimstore events",
    description = "Writes events and dimension changes to Kafka or to files.",
    subcommands = {GenerateCommand.class, ReplayCommand.class},
    synopsisSubcommandLabel = "generate|replay",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore events generate --count 100000 --out /tmp/events",
      "  bin/dimstore events replay --help"
    })
public final class EventsMain {

  private EventsMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(
        new EventsMain(), FailureReporter.messagesOf(List.of(EventStreamException.class)));
  }
}
