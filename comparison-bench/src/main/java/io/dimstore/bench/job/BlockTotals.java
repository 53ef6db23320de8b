// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.process.ArmMain;
import io.dimstore.bench.compare.process.ArmReport;
import io.dimstore.bench.measure.ThreadUsage;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.server.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums up the measured blocks of all arms. Not thread-safe. */
final class BlockTotals {

  private final int eventsPerBlock;
  private final Map<String, Totals> arms = new LinkedHashMap<>();
  private final List<Double> calibrations = new ArrayList<>();
  private final Map<String, Long> mismatches = new LinkedHashMap<>();
  private final Map<String, Long> onlineMismatches = new LinkedHashMap<>();

  private static final class Totals {
    private final Map<String, Double> counts = new TreeMap<>();
    private final Map<String, Long> serverNanos = new TreeMap<>();
    private final List<Double> steadyMicros = new ArrayList<>();
  }

  /**
   * Creates the sums, which are 0.
   *
   * @param arms the ids of the arms, in the order of the results
   */
  BlockTotals(List<String> arms, int eventsPerBlock) {
    this.eventsPerBlock = eventsPerBlock;
    arms.forEach(arm -> this.arms.put(arm, new Totals()));
  }

  void addCalibration(double millis) {
    calibrations.add(millis);
  }

  void addMismatches(String arm, long count) {
    mismatches.put(arm, count);
  }

  void addOnlineMismatches(String arm, long count) {
    onlineMismatches.put(arm, count);
  }

  /** Adds a block. Returns its CPU time per event in microseconds, without that of compilers. */
  double add(String arm, MeasuredArm.Block block) {
    Totals totals = of(arm);
    double steady = 0;
    for (Map.Entry<String, Double> count : block.counts().entrySet()) {
      totals.counts.merge(count.getKey(), count.getValue(), Double::sum);
      if (count.getKey().startsWith(ArmReport.CPU)
          && !count.getKey().equals(ArmReport.CPU + ThreadUsage.JIT)) {
        steady += count.getValue();
      }
    }
    block
        .serverNanos()
        .forEach((server, nanos) -> totals.serverNanos.merge(server, nanos, Long::sum));
    double micros = steady / 1e3 / eventsPerBlock;
    totals.steadyMicros.add(micros);
    return micros;
  }

  private Totals of(String arm) {
    Totals totals = arms.get(arm);
    if (totals == null) {
      throw new IllegalArgumentException(arm + " is none of " + arms.keySet());
    }
    return totals;
  }

  /**
   * Returns the figures.
   *
   * @param events number of events of the input
   * @param warmUp number of events that each arm processed before those
   */
  JobFigures figures(JobBenchSettings settings, int events, int warmUp, LocalStack stack) {
    Map<String, Estimate> ratios = new LinkedHashMap<>();
    Map<String, Map<String, Double>> cpu = new LinkedHashMap<>();
    Map<String, Double> allocated = new LinkedHashMap<>();
    Map<String, Double> requests = new LinkedHashMap<>();
    Map<String, Map<String, Double>> serverCpu = new LinkedHashMap<>();
    Map<String, List<Double>> byRound = new LinkedHashMap<>();
    List<Double> plain = of(MeasuredArm.PLAIN).steadyMicros;
    double blockEvents = (double) eventsPerBlock * plain.size();
    arms.forEach(
        (arm, totals) -> {
          ratios.put(arm, Estimate.of(ratios(totals.steadyMicros, plain), settings.seed()));
          byRound.put(arm, totals.steadyMicros);
          cpu.put(arm, perEvent(totals.counts, ArmReport.CPU, blockEvents * 1e3));
          allocated.put(arm, totals.counts.getOrDefault(ArmReport.ALLOCATED, 0.0) / blockEvents);
          requests.put(
              arm,
              perEvent(totals.counts, ArmMain.REQUESTS, blockEvents).values().stream()
                  .mapToDouble(Double::doubleValue)
                  .sum());
          Map<String, Double> micros = new TreeMap<>();
          totals.serverNanos.forEach(
              (server, nanos) -> micros.put(server, nanos / 1e3 / blockEvents));
          serverCpu.put(arm, micros);
        });
    Map<String, String> servers = new TreeMap<>();
    for (Server server : stack.servers()) {
      servers.put(server.id(), stack.description(server));
    }
    return new JobFigures(
        settings.input().description(),
        events,
        warmUp + settings.unmeasured(events),
        settings.rounds(),
        eventsPerBlock,
        settings.parallelism(),
        settings.linger().toMillis(),
        settings.seed(),
        servers,
        ratios,
        cpu,
        allocated,
        requests,
        serverCpu,
        mismatches,
        onlineMismatches,
        byRound,
        Estimate.range(calibrations));
  }

  private static List<Double> ratios(List<Double> micros, List<Double> plain) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < plain.size(); round++) {
      // The CPU time of a very short block may be 0 by the system's clock.
      ratios.add(micros.get(round) / Math.max(plain.get(round), 1e-3));
    }
    return ratios;
  }

  private static Map<String, Double> perEvent(
      Map<String, Double> counts, String prefix, double divisor) {
    Map<String, Double> values = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          if (name.startsWith(prefix)) {
            values.put(name.substring(prefix.length()), count / divisor);
          }
        });
    return values;
  }
}
