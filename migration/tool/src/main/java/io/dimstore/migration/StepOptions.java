// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.Transition;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every step of a migration takes on its command line, and how it is run: a mixin. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StepOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private MigrationTables tables;

  @Option(
      names = "--propagation",
      paramLabel = "DURATION",
      defaultValue = "20s",
      description =
          "Time after which every job acts on a change: 'mode.validity' plus 'deadline' of the job"
              + " with the largest values.")
  private Duration propagation;

  @Option(names = "--dry-run", description = "Only say what the step would do.")
  private boolean dryRun;

  /** Opens the migration of the table. */
  OpenMigration open() {
    if (propagation.isNegative()) {
      throw Usage.badValue("--propagation", propagation, "must be at least 0s");
    }
    return OpenMigration.of(
        tables.tables(), propagation, new Progress(spec.commandLine().getErr()));
  }

  /**
   * Runs a step, and prints where the migration is then.
   *
   * @param action the step's action on the open migration
   * @return the exit code
   */
  int run(Transition transition, Function<OpenMigration, StepRunner.Action> action)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = open()) {
      StepRunner runner = migration.runner();
      if (dryRun) {
        MigrationState state = runner.check(transition);
        out.printf(
            "%s may run: the migration of %s is in phase %s (%s). Undo: %s%n",
            transition.command(),
            migration.tableName(),
            state.phase().label(),
            state.phase().meaning(),
            transition.undo());
        out.flush();
        return ExitCodes.OK;
      }
      StepResult result = runner.run(transition, action.apply(migration));
      out.println(transition.command() + ": " + result.text());
      out.println("phase " + result.phase().label() + ": " + result.phase().meaning());
      out.flush();
      return result.succeeded() ? ExitCodes.OK : ExitCodes.NEGATIVE;
    }
  }
}
