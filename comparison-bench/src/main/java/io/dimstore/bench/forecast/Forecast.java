package io.dimstore.bench.forecast;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table takes and costs.
 *
 * @param source what was looked at
 * @param prices whose prices were used
 * @param currency of all costs
 * @param whole whether the figures of items are those of the table, or of a sample
 * @param items rows
 * @param tombstones deletes that are remembered
 * @param refused changes that could not be read or be held, which are left out
 * @param itemBytes sizes of items
 * @param storageBytes what is billed as storage: 100 bytes an item are added
 * @param readUnitsPerLookup mean over the rows
 * @param writeUnitsPerWrite mean over the writes seen, or over the rows where none were seen
 * @param lookupsPerSecond those that reach the table
 * @param writesPerSecond as given, or as seen
 * @param monthly costs
 */
record Forecast(
    String source,
    String prices,
    String currency,
    boolean whole,
    long items,
    long tombstones,
    long refused,
    ItemBytes itemBytes,
    double storageBytes,
    double readUnitsPerLookup,
    double writeUnitsPerWrite,
    double lookupsPerSecond,
    double writesPerSecond,
    double readUnitsPerSecond,
    double writeUnitsPerSecond,
    Monthly monthly) {

  private static final int STORED_BESIDE_EACH_ITEM = 100;
  private static final double GIB = 1024.0 * 1024 * 1024;

  /** Sizes in bytes, tombstones among them. */
  record ItemBytes(int p50, int p99, int max, double total) {}

  /**
   * Costs of a month.
   *
   * @param onDemand units on demand, and storage
   * @param provisioned capacity for the mean rate at the utilization that the prices name, and
   *     storage
   * @param legacy the nodes that were named, or null where none were
   */
  record Monthly(
      double storage,
      double onDemand,
      double provisioned,
      long provisionedReadUnits,
      long provisionedWriteUnits,
      @Nullable Double legacy) {}

  /**
   * What is asked of the table.
   *
   * @param lookupsPerSecond before any cache
   * @param cacheHitRate the part of them, 0 to 1, that a cache answers
   * @param writesPerSecond null for what was seen
   * @param items how many rows there are in all, null for what was seen
   * @param legacyNodes what the other way runs on, by name in the price file
   */
  record Load(
      double lookupsPerSecond,
      double cacheHitRate,
      @Nullable Double writesPerSecond,
      @Nullable Long items,
      Map<String, Double> legacyNodes) {

    /** Keeps the nodes in order. */
    Load {
      legacyNodes = new TreeMap<>(legacyNodes);
    }
  }

  static Forecast of(Observed seen, Load load, Prices prices) {
    double scale = load.items == null || seen.items() == 0 ? 1 : (double) load.items / seen.items();
    double entries = (seen.items() + seen.tombstones()) * scale;
    double bytes = seen.bytes().total() * scale;
    double stored = bytes + STORED_BESIDE_EACH_ITEM * entries;
    double lookups = load.lookupsPerSecond * (1 - load.cacheHitRate);
    Double given = load.writesPerSecond == null ? seen.writesPerSecond() : load.writesPerSecond;
    double writes = given == null ? 0 : given;
    double readUnits = lookups * seen.readUnitsPerLookup();
    double writeUnits = writes * seen.writeUnitsPerWrite();
    return new Forecast(
        seen.source(),
        prices.describe(),
        prices.text("currency"),
        seen.whole() || load.items != null,
        Math.round(seen.items() * scale),
        Math.round(seen.tombstones() * scale),
        seen.refused(),
        new ItemBytes(
            seen.bytes().percentile(0.5),
            seen.bytes().percentile(0.99),
            seen.bytes().percentile(1),
            bytes),
        stored,
        seen.readUnitsPerLookup(),
        seen.writeUnitsPerWrite(),
        lookups,
        writes,
        readUnits,
        writeUnits,
        monthly(stored, readUnits, writeUnits, load, prices));
  }

  private static Monthly monthly(
      double stored, double readUnits, double writeUnits, Load load, Prices prices) {
    double hours = prices.value("hours-per-month");
    double storage = stored / GIB * prices.value("dynamodb.storage-gb-month");
    double millions = hours * 3600 / 1e6;
    double utilization = prices.value("dynamodb.provisioned-utilization");
    long reads = provisioned(readUnits, utilization);
    long writes = provisioned(writeUnits, utilization);
    return new Monthly(
        storage,
        storage
            + readUnits * millions * prices.value("dynamodb.million-read-units")
            + writeUnits * millions * prices.value("dynamodb.million-write-units"),
        storage
            + hours
                * (reads * prices.value("dynamodb.read-unit-hour")
                    + writes * prices.value("dynamodb.write-unit-hour")),
        reads,
        writes,
        load.legacyNodes.isEmpty() ? null : prices.monthly(load.legacyNodes));
  }

  /** A table has at least one unit of each. */
  private static long provisioned(double unitsPerSecond, double utilization) {
    return Math.max(1, (long) Math.ceil(unitsPerSecond / utilization - 1e-9));
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "from", source + (whole ? "" : " (a sample: name all with --items)"));
    line(text, "items", count(items) + ", and " + count(tombstones) + " tombstones");
    if (refused > 0) {
      line(text, "left out", count(refused) + " changes that cannot be read or held");
    }
    line(
        text,
        "item bytes",
        format(
            "p50 %d, p99 %d, max %d, all %s",
            itemBytes.p50, itemBytes.p99, itemBytes.max, count(Math.round(itemBytes.total))));
    line(text, "stored bytes", count(Math.round(storageBytes)) + ", 100 an item beside it");
    line(
        text,
        "reads",
        format(
            "%.2f lookups/s reach the table, %.3f units each: %.2f read units/s",
            lookupsPerSecond, readUnitsPerLookup, readUnitsPerSecond));
    line(
        text,
        "writes",
        format(
            "%.2f writes/s, %.3f units each: %.2f write units/s",
            writesPerSecond, writeUnitsPerWrite, writeUnitsPerSecond));
    line(text, "", "");
    line(text, "monthly cost", currency);
    line(text, "  storage", money(monthly.storage) + ", in both of the next");
    line(text, "  on demand", money(monthly.onDemand));
    line(
        text,
        "  provisioned",
        money(monthly.provisioned)
            + format(
                " for %d read and %d write units",
                monthly.provisionedReadUnits, monthly.provisionedWriteUnits));
    if (monthly.legacy != null) {
      line(text, "  legacy", money(monthly.legacy) + " for the nodes that were named");
    }
    line(text, "prices", prices);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(format("%-14s%s", name, value).stripTrailing()).append('\n');
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static String count(long value) {
    return format("%,d", value);
  }

  private static String money(double value) {
    return format("%,.2f", value);
  }
}
