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
import io.dimstore.migration.step.Outlook;
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

  @Option(
      names = "--dry-run",
      description =
          "Only say what the step would do. Nothing is stored. Ends with exit code 3 if the step would"
              + " be refused.")
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

  /** Says what a step would answer now, and changes nothing. */
  interface Look {

    /** Looks at the open migration. */
    Outlook at(OpenMigration migration, MigrationState state) throws InterruptedException;
  }

  /**
   * Runs a step that judges nothing before it begins, and prints where the migration is then.
   *
   * @param request what distinguishes this step from others of its kind
   * @param action the step's action on the open migration
   * @return the exit code
   */
  int run(Transition transition, String request, Function<OpenMigration, StepRunner.Action> action)
      throws InterruptedException {
    return run(transition, request, (migration, state) -> Outlook.GOOD, action);
  }

  /**
   * Runs a step, and prints where the migration is then.
   *
   * @param request what distinguishes this step from others of its kind, such as a share
   * @param look used in place of the action if the option {@code --dry-run} is given
   * @param action the step's action on the open migration
   * @return the exit code
   */
  int run(
      Transition transition,
      String request,
      Look look,
      Function<OpenMigration, StepRunner.Action> action)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = open()) {
      var unused = migration.state();
      StepRunner runner = migration.runner();
      if (dryRun) {
        MigrationState state = runner.check(transition, request);
        return print(transition, state, look.at(migration, state));
      }
      StepResult result =
          runner.run(transition, request, migration.steps()::mode, action.apply(migration));
      out.println(transition.command() + ": " + result.text());
      out.println("phase " + result.phase().label() + ": " + result.phase().meaning());
      out.flush();
      return result.succeeded() ? ExitCodes.OK : ExitCodes.NEGATIVE;
    }
  }

  private int print(Transition transition, MigrationState state, Outlook outlook) {
    PrintWriter out = spec.commandLine().getOut();
    if (!outlook.gates().isEmpty()) {
      GateLines.print(out, outlook.gates());
    }
    String refusal = outlook.refusal();
    if (refusal == null) {
      out.printf(
          "%s may run: the migration of %s is in phase %s (%s). Undo: %s%n",
          transition.command(),
          state.table(),
          state.phase().label(),
          state.phase().meaning(),
          transition.undo());
    } else {
      out.printf(
          "%s would be refused: the migration of %s is in phase %s; %s%n",
          transition.command(), state.table(), state.phase().label(), refusal);
    }
    out.flush();
    return refusal == null ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }
}
