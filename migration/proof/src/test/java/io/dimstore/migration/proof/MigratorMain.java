// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.migration.MigrateMain;
import io.dimstore.migration.phase.LogEntry;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.Transition;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that carries the steps of each table's schedule out, with the commands of {@code
 * migrate}, as an operator would: a command that fails is repeated, and after a crash the status
 * says whether the last one had succeeded. A newer process of this kind takes over; the older one
 * then only ends the command that it has begun.
 */
final class MigratorMain {

  /** Steps that a roll-back undoes while they are under way. */
  private static final Set<Transition> UNDONE =
      Set.of(Transition.START, Transition.SHADOW, Transition.RAMP, Transition.CUTOVER);

  private final long patience;

  private final Setup setup;
  private final SharedRecords records;
  private final String generation;
  private final String table;
  private final Path folder;
  private final List<String> steps;
  private final Random random;
  private String output = "";

  private MigratorMain(Setup setup, SharedRecords records, String generation, String table) {
    this.setup = setup;
    this.records = records;
    this.generation = generation;
    this.table = table;
    this.folder = setup.folder(table);
    this.steps = Signal.read(folder.resolve("steps")).lines().toList();
    String given = Signal.read(setup.folder().resolve("patience"));
    this.patience = TimeUnit.SECONDS.toNanos(given.isEmpty() ? 300 : Long.parseLong(given));
    this.random = new Random(Long.parseLong(Signal.read(folder.resolve("seed"))));
  }

  public static void main(String[] args) throws Exception {
    Setup setup = Setup.read(Path.of(args[0]));
    SharedRecords records = setup.openTo().capability(SharedRecords.class).orElseThrow();
    setup.forEachBegun(
        table -> {
          MigratorMain migrator = new MigratorMain(setup, records, args[1], table);
          if (!migrator.isReplaced()) {
            new Thread(migrator::run, table).start();
          }
        });
  }

  /** What the records of a migration say. */
  private record Status(MigrationState state, List<LogEntry> log) {}

  /** Where a table's schedule is: the step, and how long the log of the migration was before it. */
  record Progress(int step, long entries) {

    static Progress read(Path folder) {
      String[] words = Signal.read(folder.resolve("progress")).split(" ", -1);
      return words.length < 2
          ? new Progress(0, -1)
          : new Progress(Integer.parseInt(words[0]), Long.parseLong(words[1]));
    }

    void write(Path folder) {
      Signal.set(folder.resolve("progress"), step + " " + entries);
    }
  }

  private static final class Replaced extends Exception {
    private static final long serialVersionUID = 1;
  }

  private boolean isReplaced() {
    return !Signal.read(setup.folder().resolve("generation")).equals(generation);
  }

  private void save(Progress progress) throws Replaced {
    if (isReplaced()) {
      throw new Replaced();
    }
    progress.write(folder);
  }

  private void run() {
    try {
      Progress progress = Progress.read(folder);
      while (progress.step() < steps.size()) {
        String step = steps.get(progress.step());
        Signal.clear(folder.resolve("verifying"));
        if (step.startsWith("!")) {
          expectRefusal(step.substring(1));
        } else if (step.startsWith("@")) {
          Path checked = folder.resolve("checked-" + progress.step());
          while (!Signal.isSet(checked)) {
            Thread.sleep(100);
          }
        } else {
          carryOut(step, progress);
        }
        progress = new Progress(progress.step() + 1, -1);
        save(progress);
      }
    } catch (Replaced e) {
      log("replaced");
    } catch (Exception | Error e) {
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text));
      log(text.toString());
      Signal.set(folder.resolve("failed"), text.toString());
    }
  }

  /** Repeats a step until it is refused for the expected reason; that it succeeds is a failure. */
  private void expectRefusal(String stepAndReason) throws Exception {
    String[] both = stepAndReason.split(" => ", 2);
    long end = System.nanoTime() + patience;
    while (true) {
      int code = run(both[0]);
      if (code == 3 && output.contains(both[1])) {
        return;
      }
      if (code == 0) {
        throw new IllegalStateException(
            "'" + both[0] + "' of " + table + " succeeded although it had to report " + both[1]);
      }
      if (isReplaced()) {
        throw new Replaced();
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "'" + both[0] + "' of " + table + " did not report " + both[1] + ": " + output);
      }
      Thread.sleep(300);
    }
  }

  private void carryOut(String step, Progress begun) throws Exception {
    long end = System.nanoTime() + patience;
    Progress progress = begun;
    if (progress.entries() < 0) {
      // A step that was begun before the process was killed has the number already.
      Status status = step.startsWith("plan") ? null : awaitStatus(end);
      progress = new Progress(begun.step(), status == null ? 0 : status.state().entries());
      save(progress);
    } else if (isDone(step, progress.entries(), end)) {
      return;
    } else if (!step.equals("plan") && !step.startsWith("rollback")) {
      completeUndo(end);
      if (random.nextInt(3) == 0) {
        undo(end);
      }
    }
    boolean verifies = step.startsWith("verify");
    while (true) {
      if (verifies) {
        Signal.set(folder.resolve("verifying"), "");
        // The copies of rows that other programs changed last live on for a while.
        Thread.sleep(setup.maxAge().toMillis() + 200);
      }
      int code = run(step);
      if (code == 0) {
        Signal.clear(folder.resolve("verifying"));
        return;
      }
      if (isReplaced()) {
        throw new Replaced();
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "'"
                + step
                + "' of "
                + table
                + " did not succeed; see "
                + folder.resolve("migrate.log"));
      }
      Thread.sleep(1_000);
      if (!verifies && isDone(step, progress.entries(), end)) {
        return; // it was done although the command failed after that
      }
    }
  }

  /** Repeats an undo that was interrupted too: no other step may run before. */
  private void completeUndo(long end) throws Exception {
    while (!isReplaced()) {
      MigrationState.Step step = awaitStatus(end).state().step();
      if (step == null
          || step.transition() != Transition.ROLLBACK
          || !step.request().equals("undo")) {
        return;
      }
      var unused = run("rollback");
    }
  }

  /** Undoes an interrupted step that changes the mode, if there is one. */
  private void undo(long end) throws Exception {
    MigrationState.Step step = awaitStatus(end).state().step();
    if (step != null && UNDONE.contains(step.transition())) {
      log("undo of " + step);
      if (run("rollback") != 0) {
        completeUndo(end);
      }
    }
  }

  /**
   * Returns whether the log of the migration says that a step succeeded since the schedule began
   * it.
   */
  private boolean isDone(String step, long entries, long end) throws Exception {
    Status status = status();
    if (step.startsWith("plan")) {
      return status != null;
    }
    status = awaitStatus(end);
    String transition = step.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
    for (LogEntry entry : status.log()) {
      if (entry.number() > entries
          && entry.succeeded()
          && entry.transition() != null
          && entry.transition().name().equals(transition)
          && !entry.text().contains("undone")) {
        return status.state().step() == null;
      }
    }
    return false;
  }

  private Status awaitStatus(long end) throws Exception {
    while (true) {
      Status status = status();
      if (status != null) {
        return status;
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("no status of " + table);
      }
      Thread.sleep(1_000);
    }
  }

  /**
   * Reads the status as the command of that name does, and now and then by that command: it opens
   * all stores anew, which costs more than all else here.
   */
  private @Nullable Status status() throws Exception {
    if (random.nextInt(10) == 0 && run("status") != 0) {
      return null;
    }
    try {
      StepRunner runner =
          new StepRunner(records, table, "status", InstantSource.system(), StepRunner.LEASE);
      MigrationState state = runner.state().orElse(null);
      return state == null ? null : new Status(state, runner.log());
    } catch (StoreException e) {
      return null;
    }
  }

  /** Returns the arguments that name the table and its stores. */
  static List<String> arguments(Setup setup, String table) {
    List<String> all = new ArrayList<>(List.of("--sql", setup.sql(table).toString()));
    all.addAll(List.of("--from=hbase-redis", "--to=dynamodb"));
    setup.from().forEach((name, value) -> all.add("--from-option=" + name + "=" + value));
    setup.to().forEach((name, value) -> all.add("--to-option=" + name + "=" + value));
    return all;
  }

  private int run(String step) {
    List<String> words = new ArrayList<>(Arrays.asList(step.split(" ", -1)));
    List<String> all = new ArrayList<>(List.of(words.remove(0)));
    all.addAll(arguments(setup, table));
    if (!List.of("backfill", "verify").contains(all.get(0))) {
      setup.mirror().forEach((name, value) -> all.add("--mirror-option=" + name + "=" + value));
    }
    all.addAll(words);
    StringWriter out = new StringWriter();
    long begin = System.nanoTime();
    int code =
        MigrateMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    output = out.toString();
    if (!step.startsWith("status") || code != 0) {
      log(
          step
              + ": exit code "
              + code
              + " after "
              + (System.nanoTime() - begin) / 1_000_000
              + " ms\n"
              + out);
    }
    return code;
  }

  private synchronized void log(String text) {
    try {
      Files.writeString(
          folder.resolve("migrate.log"),
          Instant.now() + " [" + generation + "] " + text + "\n",
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
