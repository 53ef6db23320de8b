// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.Transition;
import io.dimstore.spi.StoreException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A mixin of the commands: the options that every step of a migration has, and its run. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StepOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private MigrationTables tables;

  @Option(
      names = "--mirror-option",
      paramLabel = "NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description =
          "Option of the store mirror that the jobs set, such as intents-table. Repeatable. Give it"
              + " to plan, which stores it; a later command that gives it must give the same.")
  private Map<String, String> mirrorOptions = new LinkedHashMap<>();

  @Option(names = "--dry-run", description = "Only say what the step would do.")
  private boolean dryRun;

  /** Returns the options of the mirror that the command line gives. */
  MirrorOptions mirrorOptions() {
    return new MirrorOptions(mirrorOptions);
  }

  /**
   * Opens the migration of the table, after a first contact with both stores.
   *
   * @throws StoreException if one of the stores does not answer in time
   */
  OpenMigration open() throws InterruptedException {
    OpenMigration migration = openWithoutOldStore();
    try {
      migration.requireOldStore();
      return migration;
    } catch (RuntimeException | InterruptedException e) {
      migration.close();
      throw e;
    }
  }

  /**
   * Opens the migration after a first contact with the new store. It contains all records, so that
   * commands which only read them work without the old store.
   *
   * @throws StoreException if the new store does not answer in time
   */
  OpenMigration openWithoutOldStore() throws InterruptedException {
    OpenMigration migration = openWithoutNewStore();
    try {
      MigrationTables.Pair pair = migration.tables();
      StorePreflight.requireAnswer(pair.toPing(), pair.to());
      return migration;
    } catch (RuntimeException | InterruptedException e) {
      migration.close();
      throw e;
    }
  }

  /** Opens the migration without a check whether the new store answers. */
  OpenMigration openWithoutNewStore() {
    return OpenMigration.of(
        tables.tables(StorePing.Scope.TABLES),
        mirrorOptions(),
        new Progress(spec.commandLine().getErr()));
  }

  boolean isDryRun() {
    return dryRun;
  }

  /**
   * Runs a step, and prints where the migration is then.
   *
   * @param request what distinguishes this step from others of its kind, such as a share
   * @param action the step's action on the open migration
   * @return the exit code
   */
  int run(Transition transition, String request, Function<OpenMigration, StepRunner.Action> action)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = open()) {
      var unused = migration.state();
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
      StepResult result =
          runner.run(transition, request, migration.steps()::mode, action.apply(migration));
      out.println(transition.command() + ": " + result.text());
      out.println("phase " + result.phase().label() + ": " + result.phase().meaning());
      out.flush();
      return result.succeeded() ? ExitCodes.OK : ExitCodes.NEGATIVE;
    }
  }
}
