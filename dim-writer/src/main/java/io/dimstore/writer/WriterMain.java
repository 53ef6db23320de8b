// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.store.StoreFailures;
import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobFailures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code dimstore write}: writes dimension changes to a store, and repairs and checks a
 * store's cache.
 */
@Command(
    name = "bin/dimstore write",
    description = "Writes dimension changes from Kafka to the tables of a store.",
    subcommands = {RunCommand.class, RepairCommand.class, CheckCommand.class},
    synopsisSubcommandLabel = "run|repair|check",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write run --bootstrap localhost:9092 --store dynamodb --bounded",
      "  bin/dimstore write check --help"
    })
public final class WriterMain {

  private WriterMain() {}

  /** Runs the command. Ends the process with the command's exit code if that is not 0. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != ExitCodes.OK) {
      // After a success the process ends with its last thread: an exit would interrupt Flink while
      // it closes its cluster, which prints a stack trace.
      System.exit(exitCode);
    }
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(new WriterMain(), StoreFailures.withStack(WriterMain::report));
  }

  /** Returns the report of a failure, or null for an unexpected one. */
  static @Nullable FailureReport report(Throwable failure) {
    if (!JobFailures.isKnown(failure)) {
      return null;
    }
    String line = FailureText.inOneLine(failure);
    return JobFailures.isWrongUsage(failure)
        ? FailureReport.usage(line)
        : FailureReport.failed(line);
  }
}
