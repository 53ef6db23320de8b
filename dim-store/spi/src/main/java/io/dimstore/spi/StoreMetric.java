// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A count, gauge or note that a store reports to {@link StoreMetrics}.
 *
 * @param name the name that the store reports, without the name of a table
 * @param kind how it is reported
 * @param ofTable whether each table has a value of its own
 */
public record StoreMetric(String name, Kind kind, boolean ofTable) {

  /** How a metric is reported. */
  public enum Kind {
    /** With {@link StoreMetrics#count}. */
    COUNT,
    /** With {@link StoreMetrics#gauge}. */
    GAUGE,
    /** With {@link StoreMetrics#note}. */
    NOTE
  }

  /** Declares a count. */
  public static StoreMetric count(String name) {
    return new StoreMetric(name, Kind.COUNT, false);
  }

  /** Declares a gauge of the whole store. */
  public static StoreMetric gauge(String name) {
    return new StoreMetric(name, Kind.GAUGE, false);
  }

  /** Declares a gauge of each table. */
  public static StoreMetric gaugeOfTable(String name) {
    return new StoreMetric(name, Kind.GAUGE, true);
  }

  /** Declares a note about each table. Its name and the table's are reported as one name. */
  public static StoreMetric noteOfTable(String name) {
    return new StoreMetric(name, Kind.NOTE, true);
  }

  /** Returns whether a report of this kind under this name belongs to this metric. */
  public boolean covers(Kind reportedAs, String reported) {
    return kind == reportedAs
        && (ofTable ? reported.startsWith(name + ".") : reported.equals(name));
  }
}
