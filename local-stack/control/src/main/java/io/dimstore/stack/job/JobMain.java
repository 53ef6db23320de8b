// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReporter;
import io.dimstore.stack.server.StackException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code job} command. */
@Command(
    name = "bin/dimstore job",
    description = "Lists, saves, stops and rescales the jobs of a Flink cluster.",
    subcommands = {
      ListJobsCommand.class,
      SavepointCommand.class,
      StopCommand.class,
      RescaleCommand.class
    },
    synopsisSubcommandLabel = "list|savepoint|stop|rescale",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore job list --cluster http://127.0.0.1:8081",
      "  bin/dimstore job savepoint features-both",
      "  bin/dimstore job rescale features-both --parallelism 2",
      "  bin/dimstore job stop features-both"
    })
public final class JobMain {

  private JobMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(
        new JobMain(), FailureReporter.messagesOf(List.of(StackException.class)));
  }
}
