// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.store.StoreFailures;
import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobFailures;
import io.dimstore.migration.phase.MigrationException;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code dimstore migrate}: moves a table from one store to another. */
@Command(
    name = "bin/dimstore migrate",
    description = "Moves a table from one store to another while it is written and read.",
    subcommands = {
      PlanCommand.class,
      PreflightCommand.class,
      StartCommand.class,
      BackfillCommand.class,
      VerifyCommand.class,
      ShadowCommand.class,
      RampCommand.class,
      MeasureCommand.class,
      ReplayCommand.class,
      CutoverCommand.class,
      CertificateCommand.class,
      ReverseCommand.class,
      RollbackCommand.class,
      FinishCommand.class,
      StatusCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate backfill --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate verify --help"
    })
public final class MigrateMain {

  private MigrateMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new MigrateMain());
    for (FurtherCommand further : ServiceLoader.load(FurtherCommand.class)) {
      CommandSpec added = CommandSpec.forAnnotatedObject(further);
      spec.addSubcommand(added.name(), added);
    }
    return CommandLines.of(spec, StoreFailures.withStack(MigrateMain::report));
  }

  /** Returns the report of a failure, or null for an unexpected one. */
  static @Nullable FailureReport report(Throwable failure) {
    if (failure instanceof MigrationException) {
      return FailureReport.failed(FailureText.inOneLine(failure));
    }
    if (!JobFailures.isKnown(failure)) {
      return null;
    }
    String line = FailureText.inOneLine(failure);
    return JobFailures.isWrongUsage(failure)
        ? FailureReport.usage(line)
        : FailureReport.failed(line);
  }
}
