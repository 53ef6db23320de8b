// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.cli.ExitCodes;
import io.dimstore.forecast.ForecastMain;
import io.dimstore.migration.MigrateMain;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Runs commands of {@code bin/dimstore migrate}, and shows each with its output. What a step of the
 * demo shows is also a file in the folder {@code steps}.
 */
final class Transcript {

  /** File with the options that all commands have in common. */
  static final String ARGUMENTS = "item.args";

  private static final int WIDTH = 100;

  private final Path folder;
  private final Path steps;
  private final PrintWriter out;
  private final PrintWriter err;
  private StringBuilder step = new StringBuilder();
  private int number;

  Transcript(Path folder, PrintWriter out, PrintWriter err) throws IOException {
    this.folder = folder;
    this.out = out;
    this.err = err;
    this.steps = Files.createDirectories(folder.resolve("steps"));
    try (DirectoryStream<Path> old = Files.newDirectoryStream(steps, "*.txt")) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
  }

  /**
   * A finished command.
   *
   * @param exitCode its exit code
   * @param output what it printed to standard output
   */
  record Run(int exitCode, String output) {}

  Path folder() {
    return folder;
  }

  PrintWriter err() {
    return err;
  }

  /** Begins a step, and shows its heading. */
  void begin(String title, String explanation) {
    number++;
    step = new StringBuilder();
    out.printf("%n=== %d. %s ===%n", number, title);
    wrapped(explanation).forEach(out::println);
    out.println();
    out.flush();
  }

  /** Returns the length of what the step has shown, for {@link #forget}. */
  int length() {
    return step.length();
  }

  /** Keeps nothing for the step's file of what was shown since it had this length. */
  void forget(int length) {
    step.setLength(length);
  }

  /** Writes what the step has shown since its beginning, or since the last call, to a file. */
  void save(String name) {
    if (step.isEmpty()) {
      return;
    }
    try {
      Files.writeString(
          steps.resolve(String.format(Locale.ROOT, "%02d-%s.txt", number, name)), step.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    step = new StringBuilder();
  }

  /** Shows a line. */
  void line(String text) {
    step.append(text).append('\n');
    out.println(text);
    out.flush();
  }

  /**
   * Shows a command and runs it.
   *
   * @throws DemoException if its exit code is another one
   */
  Run migrate(int exitCode, String command, String... more) {
    Run run = shown(command, more);
    require(run, exitCode, "migrate " + command);
    return run;
  }

  private Run shown(String command, String... more) {
    List<String> shown = new ArrayList<>(List.of("$ bin/dimstore migrate", command));
    shown.add("@" + ARGUMENTS);
    shown.addAll(Arrays.asList(more));
    line(inFolder(String.join(" ", shown)));
    Run run = quietly(command, more);
    show(run);
    return run;
  }

  /**
   * Shows a command and runs it. If it ends with exit code 3, shows that it is to be repeated, and
   * keeps nothing of it in the step's file.
   *
   * @return the run, or empty if it is to be repeated
   */
  Optional<Run> migrateIfEqual(String command, String... more) {
    int length = step.length();
    Run run = shown(command, more);
    if (run.exitCode() == ExitCodes.NEGATIVE) {
      line("# the replication may be behind on this machine: once more");
      step.setLength(length);
      return Optional.empty();
    }
    require(run, 0, "migrate " + command);
    return Optional.of(run);
  }

  /** Returns a text with the files of the demo's folder as they are named within it. */
  private String inFolder(String text) {
    return text.replace(folder + File.separator, "");
  }

  /**
   * Shows a comparison of the feature job on both stores, and runs it. If it fails without a
   * result, since a server did not answer in time on a busy machine, it is run once more. Results
   * that differ are final.
   *
   * @throws DemoException if the results are not equal, or this program lacks the comparison
   */
  void compare(List<String> arguments, Path results) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--out=" + results);
    line(inFolder("$ bin/dimstore compare " + String.join(" ", all)));
    FeatureComparison comparison =
        ServiceLoader.load(FeatureComparison.class)
            .findFirst()
            .orElseThrow(
                () -> new DemoException("The command compare is missing: use bin/dimstore"));
    Run run = run(comparison, all);
    if (run.exitCode() == ExitCodes.FAILED) {
      err.println("the comparison has failed: once more");
      run = run(comparison, all);
    }
    show(run);
    require(run, 0, "compare");
  }

  private Run run(FeatureComparison comparison, List<String> arguments) {
    StringWriter output = new StringWriter();
    int exitCode = comparison.run(arguments, new PrintWriter(output, true), err);
    return new Run(exitCode, output.toString().strip());
  }

  /** Shows a forecast of the table in the old store, and runs it. */
  void forecast(List<String> load, List<String> nodes, Path json) {
    line("$ bin/dimstore forecast --store hbase-redis --store-config old.properties \\");
    line("    --dimension item " + String.join(" ", load) + " \\");
    line("    " + String.join(" ", nodes) + " \\");
    line(inFolder("    --json=" + json));
    List<String> arguments = new ArrayList<>(List.of("--store=hbase-redis", "--dimension=item"));
    arguments.add("--store-config=" + folder.resolve("old.properties"));
    arguments.addAll(load);
    arguments.addAll(nodes);
    arguments.add("--json=" + json);
    StringWriter output = new StringWriter();
    int exitCode =
        ForecastMain.commandLine()
            .setOut(new PrintWriter(output, true))
            .setErr(err)
            .execute(arguments.toArray(String[]::new));
    Run run = new Run(exitCode, output.toString());
    show(run);
    require(run, 0, "forecast");
  }

  private void show(Run run) {
    for (String each : run.output().lines().toList()) {
      line(inFolder(each));
    }
    if (run.exitCode() != 0) {
      line("(exit code " + run.exitCode() + ")");
    }
  }

  private void require(Run run, int exitCode, String command) {
    if (run.exitCode() != exitCode) {
      save("failed");
      throw new DemoException(
          command
              + " ended with exit code "
              + run.exitCode()
              + " instead of "
              + exitCode
              + "; the last lines above say why");
    }
  }

  /** Runs a command and shows only its progress. */
  Run quietly(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("@" + folder.resolve(ARGUMENTS));
    arguments.addAll(Arrays.asList(more));
    StringWriter output = new StringWriter();
    int exitCode =
        MigrateMain.commandLine()
            .setOut(new PrintWriter(output, true))
            .setErr(err)
            .execute(arguments.toArray(String[]::new));
    return new Run(exitCode, output.toString());
  }

  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
