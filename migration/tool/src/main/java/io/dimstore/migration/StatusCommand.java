// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ExitCodes;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate status}. */
@Command(
    name = "status",
    description =
        "Shows where the migration of a table stands: phase, mode, gates, pending writes and log."
            + " After finish it needs only the new store, and shows no gates: those of the cut-over"
            + " are in its certificate. Ends with exit code 3 if there is no migration of the table.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate status --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate status --from hbase-redis --to dynamodb --dimension user \\",
      "      --json status.json --html status.html",
      "  bin/dimstore migrate status --from hbase-redis --to dynamodb --dimension user --format json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StatusCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private StepOptions options;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How the result is printed. One of table and json.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "File to write a self-contained page to, for people.")
  private @Nullable Path html;

  /** How the status is printed. */
  enum OutputFormat {
    /** Lines for people. */
    TABLE,
    /** The JSON of {@code --json}, and nothing else. */
    JSON
  }

  /**
   * What the command writes as JSON.
   *
   * @param at when the status was read
   * @param state the stored state
   * @param mode the mode of the table
   * @param pending keys of pending writes
   * @param backfill how far the backfill is, or null if there is none
   * @param gates the gates; none after finish
   * @param log the audit log
   */
  record Status(
      Instant at,
      MigrationState state,
      MirrorMode mode,
      long pending,
      @Nullable BackfillState backfill,
      List<GateResult> gates,
      List<LogEntry> log) {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = options.openWithoutOldStore()) {
      if (migration.runner().state().isEmpty()) {
        PrintWriter note = format == OutputFormat.JSON ? spec.commandLine().getErr() : out;
        note.println(
            "There is no migration of " + migration.tableName() + ": begin with migrate plan");
        note.flush();
        return ExitCodes.NEGATIVE;
      }
      Status status = status(migration, migration.state());
      if (format == OutputFormat.JSON) {
        out.println(StateJson.indented(status));
      } else {
        print(out, status);
      }
      out.flush();
      if (json != null) {
        ResultFile.writeText(json, StateJson.format(status));
      }
      if (html != null) {
        StatusPage.write(status, html);
      }
      return ExitCodes.OK;
    }
  }

  private static Status status(OpenMigration migration, MigrationState state)
      throws InterruptedException {
    // After finish nothing is read from the old store, or written to it: it may be gone.
    boolean finished = state.phase() == Phase.FINISHED && state.step() == null;
    if (!finished) {
      migration.requireOldStore();
    }
    Instant now = Instant.now();
    CompletionStage<KnownMode> mode =
        finished ? migration.modes().read() : migration.modes().current();
    return new Status(
        now,
        state,
        StoreCalls.await(mode).mode(),
        finished ? 0 : migration.pending(),
        BackfillState.read(migration.records(), migration.tableName(), now).orElse(null),
        finished ? List.of() : migration.steps().gates(state),
        migration.runner().log());
  }

  /** Prints the status for people. */
  static void print(PrintWriter out, Status status) {
    MigrationState state = status.state();
    out.println(state.table() + ": phase " + state.phase().label() + ", since " + state.since());
    out.println("  " + state.phase().meaning());
    MigrationState.Step step = state.step();
    if (step != null) {
      out.println(
          "  step "
              + step.transition().command()
              + " by "
              + step.by()
              + " since "
              + step.began()
              + (step.mayBeRunning() ? "" : ", failed: repeat it or roll back"));
      MigrationState.Progress reached = step.progress();
      if (reached != null) {
        OptionalLong left = reached.secondsLeft(status.at());
        out.printf(
            Locale.ROOT,
            "  %,d%s %s%s%n",
            reached.done(),
            reached.total() < 0 ? "" : String.format(Locale.ROOT, " of %,d", reached.total()),
            reached.what(),
            left.isEmpty() ? "" : ", about " + MigrationPages.duration(left.getAsLong()) + " left");
      }
    }
    BackfillState backfill = status.backfill();
    if (backfill != null) {
      out.printf(
          Locale.ROOT,
          "  backfill: %d of %d splits, %,d entries copied, %,d not copied%s%n",
          backfill.done(),
          backfill.splits(),
          backfill.entries(),
          backfill.notCopied(),
          backfill.secondsLeft() == null
              ? ""
              : ", about " + MigrationPages.duration(backfill.secondsLeft()) + " left");
    }
    MirrorMode mode = status.mode();
    out.printf(
        Locale.ROOT,
        "  mode: primary %s, other side %s, reads from TO %.2f %%, shadow reads %.2f %%%n",
        mode.primary(),
        mode.other(),
        mode.readsTo() / 100.0,
        mode.shadow() / 100.0);
    if (status.gates().isEmpty()) {
      out.println("  the old store was not asked: it may be gone");
      out.println("gates: those of the cut-over are shown by bin/dimstore migrate certificate");
    } else {
      out.println("  pending writes: " + status.pending() + " keys");
      CostFacts.of(status.gates()).forEach((name, fact) -> out.println("  " + name + ": " + fact));
      GateLines.print(out, status.gates());
    }
    out.println("log:");
    for (LogEntry entry : status.log()) {
      out.printf(
          Locale.ROOT,
          "  %s %s %s: %s%n",
          entry.at(),
          entry.by(),
          entry.transition() == null ? "plan" : entry.transition().command(),
          entry.text() + (entry.forced() == null ? "" : "; forced: " + entry.forced()));
    }
  }
}
