package io.dimstore.bench.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dimstore.bench.store.Estimate.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The outcome of a measurement, as it is written.
 *
 * @param store the store's name
 * @param rows rows in the table that is read
 * @param blocks pairs of blocks per operation, warm-up not counted
 * @param seed of rows, order and intervals
 * @param servers what the ratios were measured on
 * @param ratios by operation: how many times as fast as the plain client the store was
 * @param cpuMicrosPerRow by operation and side
 * @param noise by operation: the plain client against itself
 * @param rowsCompared by operation: rows that both sides gave and that were equal
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

  /** A ratio, its 95 % interval and what they say about the target. */
  record Ratio(double median, double low, double high, double target, String verdict) {}

  /** CPU time of the measuring process per row. */
  record Cpu(double store, double baseline) {}

  static BenchResults of(BenchSettings settings, String servers) {
    return new BenchResults(
        settings.store().id(),
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
        operation.name(), new Cpu(measured.storeCpuMicros(), measured.baselineCpuMicros()));
    noise.put(operation.name(), Estimate.of(measured.noise(), seed));
    rowsCompared.put(operation.name(), compared);
  }

  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }

  /** The table for the console. */
  String table() {
    StringBuilder text =
        new StringBuilder(
            line("", "ratio", "95 %", "target", "verdict", "CPU us/row", "A/A noise"));
    ratios.forEach(
        (name, ratio) -> {
          Cpu cpu = cpuMicrosPerRow.getOrDefault(name, new Cpu(0, 0));
          Estimate floor = noise.getOrDefault(name, new Estimate(1, 1, 1));
          text.append(
              line(
                  name,
                  figure(ratio.median()),
                  range(ratio.low(), ratio.high()),
                  figure(ratio.target()),
                  ratio.verdict(),
                  String.format(Locale.ROOT, "%.2f : %.2f", cpu.store(), cpu.baseline()),
                  range(floor.low(), floor.high())));
        });
    return text.toString();
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-10s %6s %14s %7s  %-12s %16s %14s", (Object[]) cells)
        + "\n";
  }

  private static String range(double low, double high) {
    return figure(low) + " - " + figure(high);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
