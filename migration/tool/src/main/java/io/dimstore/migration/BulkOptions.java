// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import java.nio.file.Path;
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

  /** Refuses values out of range. The other methods return checked values after this one. */
  void check() {
    Usage.requireAtLeast(1, "--splits-at-once", splitsAtOnce);
    Usage.requireAtLeast(1, "--batch", batch);
    Usage.requireAtLeast(0, "--rows-per-second", rowsPerSecond);
    if (!(impactFactor >= 0)) {
      throw Usage.badValue("--impact-factor", impactFactor, "must be at least 0");
    }
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
