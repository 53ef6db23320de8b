// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one measurement.
 *
 * @param rows rows of the table
 * @param zipfExponent exponent of the distribution of the keys; 0 is the uniform one
 * @param missShare share of the events whose key has no row
 * @param roundTripMillis what the delay line adds to a round trip
 * @param rounds number of measured blocks of each arm
 * @param inFlight the most lookups that a subtask of an asynchronous arm has in flight
 * @param cachedRows the most rows that an arm with a cache keeps: about so many in the process for
 *     dimstore, so many in each subtask for the others
 * @param seed of everything that is drawn at random
 * @param servers the servers by name
 * @param ratios events per second of one arm by another's in the same round
 * @param eventsPerSecond per arm
 * @param cpuMicrosPerEvent per arm: CPU time of the process with all jobs during the arm's blocks,
 *     without that of compilers
 * @param allocatedBytesPerEvent per arm: bytes allocated on the heap of that process
 * @param requestsPerEvent per arm: requests to all servers
 * @param eventsPerBlock per arm: the size of a block
 * @param oracleMismatches per arm: joined rows that differ from the row that was written
 * @param calibratorMillis CPU time of the same computation before each block: median, least and
 *     most
 */
@JsonPropertyOrder({
  "rows",
  "zipfExponent",
  "missShare",
  "roundTripMillis",
  "rounds",
  "parallelism",
  "inFlight",
  "cachedRows",
  "seed",
  "servers",
  "ratios",
  "eventsPerSecond",
  "cpuMicrosPerEvent",
  "allocatedBytesPerEvent",
  "requestsPerEvent",
  "eventsPerBlock",
  "oracleMismatches",
  "calibratorMillis"
})
record LookupFigures(
    int rows,
    double zipfExponent,
    double missShare,
    double roundTripMillis,
    int rounds,
    int parallelism,
    int inFlight,
    int cachedRows,
    long seed,
    Map<String, String> servers,
    Map<String, Estimate> ratios,
    Map<String, Estimate> eventsPerSecond,
    Map<String, Double> cpuMicrosPerEvent,
    Map<String, Double> allocatedBytesPerEvent,
    Map<String, Double> requestsPerEvent,
    Map<String, Integer> eventsPerBlock,
    Map<String, Long> oracleMismatches,
    Estimate calibratorMillis) {

  /** The arms whose speeds are compared, if both have run. */
  private static final List<List<String>> COMPARED =
      List.of(
          List.of("hbase-redis", "stock"),
          List.of("hbase-redis", "stock-sync"),
          List.of("hbase-redis", "handmade"),
          List.of("hbase-redis", "redis-get"),
          List.of("hbase-redis", "memory"),
          List.of("hbase-redis-sync", "stock-sync"),
          List.of("hbase-redis-cached", "handmade-cached"),
          List.of("hbase-redis-cached", "memory"),
          List.of("dynamodb", "getitem"),
          List.of("dynamodb", "memory"),
          List.of("dynamodb-cached", "memory"));

  static LookupFigures of(
      LookupBenchSettings settings,
      Map<String, String> servers,
      List<MeasuredLookup> arms,
      List<Double> calibrations) {
    Map<String, Estimate> speeds = new LinkedHashMap<>();
    Map<String, Double> cpu = new LinkedHashMap<>();
    Map<String, Double> allocated = new LinkedHashMap<>();
    Map<String, Double> requests = new LinkedHashMap<>();
    Map<String, Integer> blocks = new LinkedHashMap<>();
    Map<String, Long> wrong = new LinkedHashMap<>();
    Map<String, List<Double>> byRound = new LinkedHashMap<>();
    for (MeasuredLookup arm : arms) {
      byRound.put(arm.id(), arm.eventsPerSecond());
      speeds.put(arm.id(), Estimate.of(arm.eventsPerSecond(), settings.seed()));
      cpu.put(arm.id(), arm.cpuMicrosPerEvent());
      allocated.put(arm.id(), arm.allocatedBytesPerEvent());
      requests.put(arm.id(), arm.requestsPerEvent());
      blocks.put(arm.id(), arm.eventsPerBlock());
      wrong.put(arm.id(), arm.wrong());
    }
    return new LookupFigures(
        settings.rows(),
        settings.exponent(),
        settings.misses(),
        settings.roundTrip().toNanos() / 1e6,
        settings.rounds(),
        settings.parallelism(),
        settings.inFlight(),
        settings.cachedRows(),
        settings.seed(),
        servers,
        ratios(byRound, settings.seed()),
        speeds,
        cpu,
        allocated,
        requests,
        blocks,
        wrong,
        Estimate.range(calibrations));
  }

  private static Map<String, Estimate> ratios(Map<String, List<Double>> byRound, long seed) {
    Map<String, Estimate> ratios = new LinkedHashMap<>();
    for (List<String> pair : COMPARED) {
      List<Double> first = byRound.get(pair.get(0));
      List<Double> second = byRound.get(pair.get(1));
      if (first != null && second != null) {
        List<Double> quotients = new ArrayList<>();
        for (int round = 0; round < first.size(); round++) {
          quotients.add(first.get(round) / second.get(round));
        }
        ratios.put(String.join("/", pair), Estimate.of(quotients, seed));
      }
    }
    return ratios;
  }

  /** Returns whether every joined row was right. */
  boolean areRight() {
    return oracleMismatches.values().stream().allMatch(count -> count == 0);
  }

  /** Formats the figures of the arms as a table for the console. */
  String table() {
    ConsoleTable table =
        new ConsoleTable()
            .row("arm", "events/s", "95 %", "CPU us/event", "KB/event", "requests/event", "wrong");
    eventsPerSecond.forEach(
        (arm, speed) ->
            table.row(
                arm,
                NumberFormats.measure(speed.median()),
                NumberFormats.measure(speed.low()) + " - " + NumberFormats.measure(speed.high()),
                NumberFormats.measure(of(cpuMicrosPerEvent, arm)),
                NumberFormats.measure(of(allocatedBytesPerEvent, arm) / 1e3),
                NumberFormats.measure(of(requestsPerEvent, arm)),
                NumberFormats.count(oracleMismatches.getOrDefault(arm, 0L))));
    return table.render();
  }

  /** Formats the ratios as a table for the console. */
  String ratioTable() {
    ConsoleTable table = new ConsoleTable().row("events/s of", "ratio", "95 %");
    ratios.forEach(
        (pair, ratio) ->
            table.row(
                pair,
                NumberFormats.measure(ratio.median()),
                NumberFormats.measure(ratio.low()) + " - " + NumberFormats.measure(ratio.high())));
    return table.render();
  }

  private static double of(Map<String, Double> values, String arm) {
    @Nullable Double value = values.get(arm);
    return value == null ? 0 : value;
  }
}
