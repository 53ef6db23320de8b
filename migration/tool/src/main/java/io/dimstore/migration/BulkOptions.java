// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.jobs.sql.StoreTable;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that read whole tables: a mixin. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BulkOptions {

  @Option(
      names = "--splits-at-once",
      paramLabel = "N",
      defaultValue = "4",
      description = "Splits of a store that a process reads at the same time.")
  private int splitsAtOnce;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Keys per call of the store.")
  private int batch;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "The most rows and entries to read per second; 0 for no limit. Per store.")
  private int rowsPerSecond;

  @Option(
      names = "--impact-factor",
      paramLabel = "X",
      defaultValue = "2",
      description =
          "How much the 99th percentile of lookups in the store of --from may rise before the"
              + " command slows down; 0 to not measure it.")
  private double impactFactor;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--dry-run",
      description =
          "Only say what the step would do. Nothing is stored. Ends with exit code 3 if the step would"
              + " be refused.")
  private boolean dryRun;

  /** Refuses values out of range. The other methods return checked values after this one. */
  void check() {
    Usage.requireAtLeast(1, "--splits-at-once", splitsAtOnce);
    Usage.requireAtLeast(1, "--batch", batch);
    Usage.requireAtLeast(0, "--rows-per-second", rowsPerSecond);
    if (!(impactFactor >= 0)) {
      throw Usage.badValue("--impact-factor", impactFactor, "must be at least 0");
    }
  }

  boolean isDryRun() {
    return dryRun;
  }

  /**
   * Returns how fast a table would be read, for people.
   *
   * @param from the store whose lookups must not slow down
   */
  String rate(StoreTable from) {
    return splitsAtOnce
        + " splits at once, "
        + (rowsPerSecond == 0
            ? "no limit of rows per second"
            : String.format(Locale.ROOT, "at most %,d rows per second", rowsPerSecond))
        + (impactFactor == 0
            ? ", lookups are not measured"
            : String.format(
                Locale.ROOT,
                ", slower if p99 of the lookups in %s becomes %s times what it was",
                from.store(),
                MigrationPages.number(impactFactor)));
  }

  /** Returns the limits of units per second that a store has, for people; empty if it has none. */
  static String unitsPerSecond(StoreTable table, String use) {
    Object limit = table.storeOption(use + ".units-per-second");
    return limit instanceof Number units && units.doubleValue() > 0
        ? ", at most "
            + MigrationPages.number(units.doubleValue())
            + " "
            + use
            + " units per second in "
            + table.store()
        : "";
  }

  int splitsAtOnce() {
    return splitsAtOnce;
  }

  int batch() {
    return batch;
  }

  int rowsPerSecond() {
    return rowsPerSecond;
  }

  double impactFactor() {
    return impactFactor;
  }

  /** Writes the result to the file of {@code --json}, if there is one. */
  void writeJson(Object result) {
    ResultFile.write(json, result);
  }
}
