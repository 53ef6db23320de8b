// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import io.dimstore.bench.compare.CompareCommand;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.FailureReporter;
import io.dimstore.cli.store.StoreFailures;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the commands of this module. */
@Command(
    name = "bin/dimstore",
    subcommands = {CompareCommand.class, BenchCommand.class},
    synopsisSubcommandLabel = "compare|bench",
    description = "Compares the paths and measures their parts.",
    footerHeading = "%nExamples:%n",
    footer = {"  bin/dimstore compare", "  bin/dimstore bench store --subject dynamodb"})
public final class BenchMain {

  private BenchMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(
        new BenchMain(),
        FailureReporter.messagesOf(
                List.of(BenchException.class, StackException.class, EventStreamException.class))
            .or(StoreFailures.withStack(StoreFailures::report))
            .or(BenchMain::ofFile));
  }

  private static @Nullable FailureReport ofFile(Throwable failure) {
    return failure instanceof IOException
        ? FailureReport.failed("a file cannot be read or written: " + failure)
        : null;
  }
}
