// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReporter;
import io.dimstore.stack.server.StackException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code stack} command. */
@Command(
    name = "bin/dimstore stack",
    description = {
      "Starts and stops real HBase, Kafka and Redis servers and a local DynamoDB on this machine,",
      "and a Flink cluster."
    },
    subcommands = {UpCommand.class, DownCommand.class, StatusCommand.class},
    synopsisSubcommandLabel = "up|down|status",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore stack up  # all servers, until Ctrl-C",
      "  bin/dimstore stack up --only kafka,redis --port kafka=9092",
      "  eval \"$(bin/dimstore stack up --detach --format env)\"  # in the background, addresses as variables",
      "  bin/dimstore stack up --detach --flink --taskmanagers 2",
      "  bin/dimstore stack down",
      "",
      "Logs of servers that failed are kept in $XDG_STATE_HOME/dimstore/logs, else ~/.local/state/dimstore/logs."
    })
public final class StackMain {

  private StackMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(
        new StackMain(), FailureReporter.messagesOf(List.of(StackException.class)));
  }
}
