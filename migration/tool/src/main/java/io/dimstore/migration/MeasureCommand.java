// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.forecast.ForecastException;
import io.dimstore.forecast.Prices;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.measure.LookupResult;
import io.dimstore.migration.measure.LookupSettings;
import io.dimstore.migration.measure.Lookups;
import io.dimstore.migration.measure.RequestCounter;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.spi.DimensionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate measure}. */
@Command(
    name = "measure",
    description =
        "Looks up a sample of the keys in both stores in interleaved blocks, and keeps as evidence: the"
            + " ratio of the 99th percentiles, the share of throttled requests, and the cost of a"
            + " month against the forecast. Writes no row.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate measure --from hbase-redis --to dynamodb --dimension user --for 2m",
      "  bin/dimstore migrate measure --from hbase-redis --to dynamodb --dimension user \\",
      "      --for 10m --lookups-at-once 16 --observed-lookups 5200 --observed-writes 80 \\",
      "      --observed-requests 1400000 --observed-throttled 12 --json measure.json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MeasureCommand implements Callable<Integer> {

  private static final double MOST_FAILED = 0.001;

  @Spec private CommandSpec spec;

  @Mixin private StepOptions options;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description =
          "How long to look up rows. In both stores together; the gates need at least 10,000 lookups"
              + " and 10,000 requests.")
  private Duration time;

  @Option(
      names = "--lookups-at-once",
      paramLabel = "N",
      defaultValue = "4",
      description = "Lookups under way at a time, each of one key.")
  private int atOnce;

  @Option(
      names = "--sample-rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Rows of the old store to read and size. Their keys are looked up.")
  private int sampleRows;

  @Option(
      names = "--forecast",
      paramLabel = "FILE",
      description =
          "Result of 'bin/dimstore forecast --json', which the cost is judged against. Without it,"
              + " that of the plan.")
  private @Nullable Path forecast;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Properties file with prices, in place of " + Prices.SHIPPED + ".")
  private @Nullable Path prices;

  @Option(
      names = "--observed-lookups",
      paramLabel = "N",
      description =
          "Lookups per second that reach the table, as the jobs' metrics show them. Without it, the"
              + " rate of the forecast.")
  private @Nullable Double observedLookups;

  @Option(
      names = "--observed-writes",
      paramLabel = "N",
      description =
          "Writes per second of the table, as the jobs' metrics show them. Without it, the rate of"
              + " the forecast.")
  private @Nullable Double observedWrites;

  @Option(
      names = "--observed-requests",
      paramLabel = "N",
      description =
          "Requests of the jobs to the new store in the last hour, as their metric 'requests' shows"
              + " them. With --observed-throttled, the gate judges the share of these requests, or"
              + " that of this command, whichever is worse.")
  private @Nullable Long observedRequests;

  @Option(
      names = "--observed-throttled",
      paramLabel = "N",
      description = "How many of --observed-requests the new store throttled.")
  private @Nullable Long observedThrottled;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  /**
   * What the command writes as JSON.
   *
   * @param format names the format
   * @param table the table
   * @param at when the measurement ended
   * @param seconds how long it took
   * @param sampledRows rows whose keys were looked up
   * @param lookupsAtOnce lookups under way at a time
   * @param old the old store
   * @param target the new store
   * @param p99Ratio 99th percentile of the new store by that of the old one
   * @param p99RatioLow lower end of its 95 % interval
   * @param p99RatioHigh upper end of its 95 % interval
   * @param cost the cost of a month, or null if it is not known
   * @param costMissing why the cost is not known, or null
   */
  record Measured(
      String format,
      String table,
      Instant at,
      double seconds,
      int sampledRows,
      int lookupsAtOnce,
      LookupResult.Store old,
      LookupResult.Store target,
      double p99Ratio,
      double p99RatioLow,
      double p99RatioHigh,
      @Nullable MonthlyCost cost,
      @Nullable String costMissing) {

    static final String FORMAT = "dimstore-measure/1";
  }

  @Override
  public Integer call() throws InterruptedException {
    if (time.compareTo(Duration.ofSeconds(2)) < 0) {
      throw Usage.badValue("--for", DurationText.of(time), "must be at least 2s");
    }
    Usage.requireAtLeast(1, "--lookups-at-once", atOnce);
    Usage.requireAtLeast(1, "--sample-rows", sampleRows);
    requireRate("--observed-lookups", observedLookups);
    requireRate("--observed-writes", observedWrites);
    requireThrottled();
    StoredForecast given = forecast == null ? null : StoredForecast.read(forecast);
    Prices known = prices();
    return options.run(
        Transition.MEASURE,
        "",
        migration -> (state, ownership) -> measure(migration, state, given, known));
  }

  private static void requireRate(String option, @Nullable Double value) {
    if (value != null && !(value >= 0)) {
      throw Usage.badValue(option, value, "must be at least 0");
    }
  }

  private void requireThrottled() {
    if ((observedRequests == null) != (observedThrottled == null)) {
      throw Usage.error("--observed-requests and --observed-throttled need each other");
    }
    if (observedRequests != null && observedThrottled != null) {
      if (observedRequests < 1) {
        throw Usage.badValue("--observed-requests", observedRequests, "must be at least 1");
      }
      if (observedThrottled < 0 || observedThrottled > observedRequests) {
        throw Usage.badValue(
            "--observed-throttled", observedThrottled, "must be from 0 to --observed-requests");
      }
    }
  }

  private Prices prices() {
    try {
      return Prices.read(prices);
    } catch (ForecastException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Usage.badValue("--prices", String.valueOf(prices), "cannot be read (" + e + ")");
    }
  }

  private StepResult measure(
      OpenMigration migration, MigrationState state, @Nullable StoredForecast given, Prices known)
      throws InterruptedException {
    RequestCounter ofOld = new RequestCounter();
    RequestCounter ofTarget = new RequestCounter();
    MigrationTables.Pair tables = migration.tables();
    long began = System.nanoTime();
    try (DimensionStore old = tables.from().open(ofOld);
        DimensionStore target = tables.to().open(ofTarget)) {
      Progress progress = new Progress(spec.commandLine().getErr());
      Lookups.Measured targetSide =
          new Lookups.Measured(BackfillCommand.side(tables.to(), target), ofTarget);
      LookupResult lookups =
          new Lookups(
                  new Lookups.Measured(BackfillCommand.side(tables.from(), old), ofOld),
                  targetSide,
                  new LookupSettings(time, sampleRows, atOnce, LookupSettings.PAIRS, began),
                  new Calls(Clock.SYSTEM, Duration.ofMinutes(1)),
                  Clock.SYSTEM)
              .run((blocks, all) -> progress.update("pairs of blocks", blocks, all));
      if (lookups.rows().isEmpty()) {
        return StepResult.refused(state.phase(), "the old store has no row to look up");
      }
      StoredForecast planned =
          given == null
              ? StoredForecast.ofPlan(migration.records(), migration.tableName()).orElse(null)
              : given;
      String missing = costMissing(planned, known);
      MonthlyCost cost = null;
      if (missing == null && planned != null) {
        MonthlyCost.Basis basis =
            new MonthlyCost.Basis(
                planned,
                given == null ? "the plan" : "measure --forecast",
                known,
                observedLookups,
                observedWrites,
                verifiedRows(state).orElse(null));
        cost = MonthlyCost.of(lookups, targetSide.side().table(), basis).orElse(null);
        missing = cost == null ? "the new store reports no consumed units" : null;
      }
      Measured measured =
          new Measured(
              Measured.FORMAT,
              migration.tableName(),
              lookups.at(),
              (System.nanoTime() - began) / 1e9,
              lookups.rows().size(),
              atOnce,
              lookups.old(),
              lookups.target(),
              lookups.ratio(),
              lookups.low(),
              lookups.high(),
              cost,
              missing);
      if (json != null) {
        ResultFile.writeText(json, StateJson.indented(measured));
      }
      return result(state, measured);
    }
  }

  private static @Nullable String costMissing(@Nullable StoredForecast planned, Prices known) {
    if (planned == null) {
      return "there is no forecast: give plan or measure --forecast";
    }
    return planned.forecast().prices().equals(known.describe())
        ? null
        : "the forecast has other prices: " + planned.forecast().prices() + "; give --prices";
  }

  private static Optional<Long> verifiedRows(MigrationState state) {
    return state.findings().stream()
        .map(Finding::evidence)
        .filter(Evidence.Verification.class::isInstance)
        .map(found -> ((Evidence.Verification) found).rows())
        .findFirst();
  }

  private StepResult result(MigrationState state, Measured measured) {
    LookupResult.Store old = measured.old();
    LookupResult.Store target = measured.target();
    String text =
        String.format(
            Locale.ROOT,
            "p50 %.0f and %.0f us, p99 %.0f and %.0f us in %,d and %,d lookups of the old and the new"
                + " store: p99 ratio %.2f (95 %% %.2f - %.2f); %,d requests to the new one, %,d"
                + " throttled",
            old.p50Micros(),
            target.p50Micros(),
            old.p99Micros(),
            target.p99Micros(),
            old.lookups(),
            target.lookups(),
            measured.p99Ratio(),
            measured.p99RatioLow(),
            measured.p99RatioHigh(),
            target.requests().sent(),
            target.requests().throttled());
    MonthlyCost cost = measured.cost();
    text += cost == null ? "; cost not known: " + measured.costMissing() : "; " + cost.text();
    if (old.lookups() == 0
        || target.lookups() == 0
        || old.failed() > MOST_FAILED * old.lookups()
        || target.failed() > MOST_FAILED * target.lookups()) {
      return StepResult.refused(
          state.phase(),
          "refused: lookups failed, "
              + old.failed()
              + " in the old store and "
              + target.failed()
              + " in the new one; "
              + text);
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            measured.at(),
            new Evidence.Latency(
                Math.min(old.lookups(), target.lookups()),
                measured.p99Ratio(),
                measured.p99RatioHigh()),
            context(measured)));
    findings.add(throttling(measured.at(), target));
    if (cost != null) {
      findings.add(
          new Finding(
              measured.at(),
              new Evidence.Cost(cost.measured(), cost.forecast()),
              costContext(cost)));
    }
    return StepResult.reached(state.phase(), text, findings.toArray(Finding[]::new));
  }

  /** Returns the requests of this command, or those of the jobs if more of them were throttled. */
  private Finding throttling(Instant at, LookupResult.Store target) {
    Evidence.Throttling own =
        new Evidence.Throttling(target.requests().sent(), target.requests().throttled());
    Map<String, String> context = new TreeMap<>();
    context.put("requests", "lookups of this command, from one process");
    context.put("for", DurationText.of(time));
    context.put("lookupsAtOnce", Integer.toString(atOnce));
    if (observedRequests == null || observedThrottled == null) {
      return new Finding(at, own, context);
    }
    Evidence.Throttling jobs = new Evidence.Throttling(observedRequests, observedThrottled);
    context.put("ownRequests", Long.toString(own.requests()));
    context.put("ownThrottled", Long.toString(own.throttled()));
    context.put("jobsRequests", Long.toString(jobs.requests()));
    context.put("jobsThrottled", Long.toString(jobs.throttled()));
    // With equal shares, the larger number of requests says more.
    if (jobs.share() < own.share()
        || (jobs.share() == own.share() && jobs.requests() < own.requests())) {
      return new Finding(at, own, context);
    }
    context.put("requests", "those of the jobs, as --observed-requests states them");
    return new Finding(at, jobs, context);
  }

  private Map<String, String> context(Measured measured) {
    Map<String, String> context = new TreeMap<>();
    context.put("for", DurationText.of(time));
    context.put("lookupsAtOnce", Integer.toString(atOnce));
    context.put("sampledRows", Integer.toString(measured.sampledRows()));
    context.put("pairsOfBlocks", Integer.toString(LookupSettings.PAIRS));
    context.put("oldP50Micros", number(measured.old().p50Micros()));
    context.put("oldP99Micros", number(measured.old().p99Micros()));
    context.put("newP50Micros", number(measured.target().p50Micros()));
    context.put("newP99Micros", number(measured.target().p99Micros()));
    context.put("ratioLow", number(measured.p99RatioLow()));
    context.put("failedOld", Long.toString(measured.old().failed()));
    context.put("failedNew", Long.toString(measured.target().failed()));
    return context;
  }

  private static Map<String, String> costContext(MonthlyCost cost) {
    Map<String, String> context = new TreeMap<>();
    context.put("prices", cost.prices());
    context.put("readUnitsPerLookup", number(cost.readUnitsPerLookup()));
    context.put("readUnitsFrom", cost.readUnitsFrom());
    context.put("writeUnitsPerWrite", number(cost.writeUnitsPerWrite()));
    context.put("writeUnitsFrom", "computed from the sizes of the sampled rows");
    context.put("lookupsPerSecond", number(cost.lookupsPerSecond()));
    context.put("lookupsFrom", cost.lookupsFrom());
    context.put("writesPerSecond", number(cost.writesPerSecond()));
    context.put("writesFrom", cost.writesFrom());
    context.put("rows", Long.toString(cost.rows()));
    context.put("rowsFrom", cost.rowsFrom());
    context.put("meanItemBytes", number(cost.meanItemBytes()));
    context.put("forecastSha256", cost.forecastSha256());
    context.put("forecastFrom", cost.forecastFrom());
    return context;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
