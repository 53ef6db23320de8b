// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.forecast.Forecast;
import io.dimstore.forecast.Observed;
import io.dimstore.forecast.Prices;
import io.dimstore.forecast.Sizes;
import io.dimstore.migration.measure.LookupResult;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cost of the new store for a month, on demand. Read units per lookup are measured. Everything
 * else is computed or assumed, and the fields say from what.
 *
 * @param measured US dollars a month
 * @param forecast US dollars a month that the forecast states
 * @param currency currency of both
 * @param prices the price list of both
 * @param readUnitsPerLookup consumed by the lookups that were measured
 * @param readUnitsFrom whether the server reported them
 * @param writeUnitsPerWrite computed from the sizes of the sampled rows: nothing was written
 * @param lookupsPerSecond lookups that reach the table
 * @param lookupsFrom where that rate is from
 * @param writesPerSecond writes of the table
 * @param writesFrom where that rate is from
 * @param rows rows of the table
 * @param rowsFrom where that number is from
 * @param meanItemBytes mean size of the sampled rows in the new store
 * @param forecastSha256 the hash of the forecast's canonical JSON
 * @param forecastFrom who gave the forecast
 */
record MonthlyCost(
    double measured,
    double forecast,
    String currency,
    String prices,
    double readUnitsPerLookup,
    String readUnitsFrom,
    double writeUnitsPerWrite,
    double lookupsPerSecond,
    String lookupsFrom,
    double writesPerSecond,
    String writesFrom,
    long rows,
    String rowsFrom,
    double meanItemBytes,
    String forecastSha256,
    String forecastFrom) {

  /**
   * What the cost is computed from, besides the measured lookups.
   *
   * @param forecast the forecast
   * @param forecastFrom who gave it
   * @param prices the prices
   * @param observedLookups lookups per second as the operator observed them, or null
   * @param observedWrites writes per second as the operator observed them, or null
   * @param verifiedRows the rows of the newest verification, or null without one
   */
  record Basis(
      StoredForecast forecast,
      String forecastFrom,
      Prices prices,
      @Nullable Double observedLookups,
      @Nullable Double observedWrites,
      @Nullable Long verifiedRows) {}

  /**
   * Returns the cost; empty if the new store bills no units.
   *
   * @param table the table in the new store
   */
  static Optional<MonthlyCost> of(LookupResult lookups, DimensionTable table, Basis basis) {
    Sizing sizing = table.capability(Sizing.class).orElse(null);
    LookupResult.Store target = lookups.target();
    double readUnits = target.requests().readUnits();
    if (sizing == null || target.lookups() == 0 || readUnits == 0) {
      return Optional.empty();
    }
    Sizes sizes = new Sizes();
    double writeUnits = 0;
    long sized = 0;
    for (Put row : lookups.rows()) {
      Sizing.Size size;
      try {
        size = sizing.sizeOf(row);
      } catch (StoreException e) {
        continue; // The preflight reports rows that the new store refuses.
      }
      sizes.add(size.bytes());
      writeUnits += size.writeUnits();
      sized++;
    }
    if (sized == 0) {
      return Optional.empty();
    }
    Forecast planned = basis.forecast().forecast();
    double perLookup = readUnits / target.lookups();
    double lookupRate =
        basis.observedLookups() == null ? planned.lookupsPerSecond() : basis.observedLookups();
    double writeRate =
        basis.observedWrites() == null ? planned.writesPerSecond() : basis.observedWrites();
    long rows = basis.verifiedRows() == null ? planned.items() : basis.verifiedRows();
    Forecast now =
        Forecast.of(
            new Observed(
                "sampled rows",
                sized,
                0,
                false,
                sizes,
                perLookup * sized,
                writeUnits,
                sized,
                null,
                0),
            new Forecast.Load(lookupRate, 0, writeRate, rows, Map.of()),
            basis.prices());
    return Optional.of(
        new MonthlyCost(
            now.monthly().onDemand(),
            planned.monthly().onDemand(),
            now.currency(),
            now.prices(),
            perLookup,
            target.requests().reportedByServer() ? "reported by the server" : "computed",
            now.writeUnitsPerWrite(),
            lookupRate,
            basis.observedLookups() == null ? "the forecast" : "--observed-lookups",
            writeRate,
            basis.observedWrites() == null ? "the forecast" : "--observed-writes",
            rows,
            basis.verifiedRows() == null ? "the forecast" : "the verification",
            now.itemBytes().total() / Math.max(1, rows),
            basis.forecast().sha256(),
            basis.forecastFrom()));
  }

  /** Returns the figures for people. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%.2f %s a month on demand, forecast %.2f: %.2f lookups/s (%s) of %.3f read units (%s),"
            + " %.2f writes/s (%s) of %.3f write units (computed from sizes), %,d rows (%s) of"
            + " %.0f bytes",
        measured,
        currency,
        forecast,
        lookupsPerSecond,
        lookupsFrom,
        readUnitsPerLookup,
        readUnitsFrom,
        writesPerSecond,
        writesFrom,
        writeUnitsPerWrite,
        rows,
        rowsFrom,
        meanItemBytes);
  }
}
