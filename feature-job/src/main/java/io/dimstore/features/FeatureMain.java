// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

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
 * The command {@code dimstore feature}. It runs the feature job in this process or on a Flink
 * cluster.
 */
@Command(
    name = "bin/dimstore feature",
    description = "Computes risk-control and marketing features from the event topic.",
    subcommands = FeatureRunCommand.class,
    synopsisSubcommandLabel = "run",
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore feature run --bootstrap localhost:9092 --store dynamodb --job risk")
public final class FeatureMain {

  private FeatureMain() {}

  /** Runs the command. Ends the process with the command's exit code if that is not 0. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != ExitCodes.OK) {
      // Flink's own client refuses an exit, even one that reports success.
      System.exit(exitCode);
    }
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(new FeatureMain(), StoreFailures.withStack(FeatureMain::report));
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
