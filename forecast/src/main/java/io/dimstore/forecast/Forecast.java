// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The capacity that a table needs in DynamoDB, and its cost.
 *
 * @param source where the rows or changes were read
 * @param prices describes the price list
 * @param currency currency of all costs
 * @param whole true if the item counts and sizes are those of the whole table, false if of a sample
 * @param items number of rows
 * @param tombstones number of deletes that the store still keeps
 * @param refused number of changes that are left out because they could not be read or stored
 * @param itemBytes sizes of the items
 * @param storageBytes billed storage, which includes 100 bytes per item
 * @param readUnitsPerLookup mean over the rows
 * @param writeUnitsPerWrite mean over the observed writes, or over the rows if no writes were
 *     observed
 * @param lookupsPerSecond lookups that reach the table
 * @param writesPerSecond the rate that was given, otherwise the observed rate
 * @param monthly the monthly costs
 */
public record Forecast(
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

  /** Sizes of the items in bytes, including tombstones. */
  public record ItemBytes(int p50, int p99, int max, double total) {}

  /**
   * The costs of one month.
   *
   * @param onDemand cost of storage and of on-demand units
   * @param provisioned cost of storage and of provisioned capacity; the capacity serves the mean
   *     rate at the utilization in the price list
   * @param legacy cost of the legacy nodes that were given, or null if none were given
   */
  public record Monthly(
      double storage,
      double onDemand,
      double provisioned,
      long provisionedReadUnits,
      long provisionedWriteUnits,
      @Nullable Double legacy) {}

  /**
   * The load on the table.
   *
   * @param lookupsPerSecond lookups before any cache
   * @param cacheHitRate fraction of the lookups that a cache answers, from 0 to 1
   * @param writesPerSecond write rate, or null to use the observed rate
   * @param items total number of rows, or null to use the observed number
   * @param legacyNodes number of nodes of the legacy path, by their names in the price file
   */
  public record Load(
      double lookupsPerSecond,
      double cacheHitRate,
      @Nullable Double writesPerSecond,
      @Nullable Long items,
      Map<String, Double> legacyNodes) {

    /** Copies the nodes into a sorted map, so that their order is fixed. */
    public Load {
      legacyNodes = new TreeMap<>(legacyNodes);
    }
  }

  /** Computes the forecast of what was observed under a load. */
  public static Forecast of(Observed seen, Load load, Prices prices) {
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

  /** Returns the capacity to provision. A table has at least one unit each for reads and writes. */
  private static long provisioned(double unitsPerSecond, double utilization) {
    return Math.max(1, (long) Math.ceil(unitsPerSecond / utilization - 1e-9));
  }

  /** Formats the forecast as text for the console. */
  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "from", source + (whole ? "" : " (a sample: name all with --items)"));
    line(
        text,
        "items",
        count(items)
            + ", and "
            + count(tombstones)
            + (tombstones == 1 ? " tombstone" : " tombstones"));
    if (refused > 0) {
      line(text, "left out", count(refused) + " changes that cannot be read or held");
    }
    line(
        text,
        "item bytes",
        format(
            "p50 %d, p99 %d, max %d, all %s",
            itemBytes.p50, itemBytes.p99, itemBytes.max, count(Math.round(itemBytes.total))));
    line(text, "stored bytes", count(Math.round(storageBytes)) + ", including 100 for each item");
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
