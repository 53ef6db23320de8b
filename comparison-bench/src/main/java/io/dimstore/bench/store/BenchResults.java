// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.measure.Interleaving;
import io.dimstore.bench.measure.SectionMeter;
import io.dimstore.bench.measure.SectionUsage;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.bench.stats.Estimate.Verdict;
import io.dimstore.bench.subject.Operation;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The outcome of a measurement, as written to the results file.
 *
 * @param store the store's name
 * @param rows number of rows in the table that the read operations use
 * @param blocks measured pairs of blocks per operation, without the warm-up
 * @param seed of the generated rows, the order of blocks and the confidence intervals
 * @param servers the servers on which the ratios were measured
 * @param ratios per operation: the speed of the store divided by the speed of the plain client
 * @param cpuMicrosPerRow client CPU time per row, by operation and side
 * @param noise per operation: the ratio of the plain client to itself, as the noise floor
 * @param rowsCompared per operation: number of rows that both sides returned and that were equal
 */
record BenchResults(
    String store,
    int rows,
    int blocks,
    long seed,
    String servers,
    Map<String, Ratio> ratios,
    Map<String, Cpu> cpuMicrosPerRow,
    Map<String, Estimate> noise,
    Map<String, Integer> rowsCompared) {

  /** A ratio, its 95 % confidence interval, and the verdict on whether it meets the target. */
  record Ratio(double median, double low, double high, double target, String verdict) {}

  /** CPU time of the measuring process per row. */
  record Cpu(double store, double baseline) {}

  static BenchResults of(BenchSettings settings, String servers) {
    return new BenchResults(
        settings.subject().id(),
        settings.rows(),
        settings.blocks(),
        settings.seed(),
        servers,
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>());
  }

  void add(Operation operation, Interleaving.Measured measured, int compared) {
    Estimate ratio = Estimate.of(measured.ratios(), seed);
    Verdict verdict = ratio.against(operation.target());
    ratios.put(
        operation.name(),
        new Ratio(ratio.median(), ratio.low(), ratio.high(), operation.target(), verdict.text()));
    cpuMicrosPerRow.put(
        operation.name(),
        new Cpu(
            cpuMicros(measured.subject(), measured.rows()),
            cpuMicros(measured.baseline(), measured.rows())));
    noise.put(operation.name(), Estimate.of(measured.noise(), seed));
    rowsCompared.put(operation.name(), compared);
  }

  private static double cpuMicros(SectionUsage usage, long rows) {
    return usage.of(SectionMeter.CLIENT) / 1e3 / rows;
  }

  /** Formats the results as a table for the console. */
  String table() {
    ConsoleTable table =
        new ConsoleTable()
            .row("operation", "ratio", "95 %", "target", "verdict", "CPU us/row", "A/A noise");
    ratios.forEach(
        (name, ratio) -> {
          Cpu cpu = cpuMicrosPerRow.getOrDefault(name, new Cpu(0, 0));
          Estimate floor = noise.getOrDefault(name, new Estimate(1, 1, 1));
          table.row(
              name,
              NumberFormats.ratio(ratio.median()),
              NumberFormats.ratios(ratio.low(), ratio.high()),
              NumberFormats.ratio(ratio.target()),
              ratio.verdict(),
              String.format(Locale.ROOT, "%.2f : %.2f", cpu.store(), cpu.baseline()),
              NumberFormats.ratios(floor.low(), floor.high()));
        });
    return table.render();
  }
}
