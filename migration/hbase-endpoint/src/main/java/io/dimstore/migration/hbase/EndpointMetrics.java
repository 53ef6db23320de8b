// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreMetrics;
import java.util.function.ObjLongConsumer;

/**
 * Counts what the endpoint does. The names are those of HBase's own metrics of a replication
 * source: {@code source.PEER.dimstoreRowsWritten}. Thread-safe.
 */
final class EndpointMetrics implements StoreMetrics {

  private final ObjLongConsumer<String> counters;
  private final ObjLongConsumer<String> gauges;
  private final String prefix;
  private final Units readUnits = new Units();
  private final Units writeUnits = new Units();

  /**
   * Creates the metrics of one peer.
   *
   * @param counters adds to the counter of a name
   * @param gauges sets the gauge of a name
   */
  EndpointMetrics(String peer, ObjLongConsumer<String> counters, ObjLongConsumer<String> gauges) {
    this.prefix = "source." + peer + ".dimstore";
    this.counters = counters;
    this.gauges = gauges;
  }

  /** Rows that the target shows as HBase does. */
  void carried(int rows) {
    add("RowsCarried", rows);
  }

  /** Rows sent to the target. */
  void written(int rows) {
    add("RowsWritten", rows);
  }

  /** Rows sent again, because HBase or the target had changed or the version had fallen. */
  void rewritten(int rows) {
    add("RowsRewritten", rows);
  }

  /** Rows that can never be carried. */
  void refused(int rows) {
    add("RowsRefused", rows);
  }

  /** Rows whose cells expire at different times. */
  void mixedExpiry(int rows) {
    add("RowsOfMixedExpiry", rows);
  }

  /** Bulk-loaded files that were read for their rows. */
  void bulkLoaded(int files) {
    add("BulkLoadedFiles", files);
  }

  /** How many changes of the tables are not in the log, as far as their regions know. */
  void outsideLog(long changes) {
    gauges.accept(prefix + "ChangesOutsideLog", changes);
  }

  /** Attempts that failed and are repeated. */
  void retried() {
    add("Retries", 1);
  }

  /** Whether the replication waits for an operator. */
  void held(boolean held) {
    gauges.accept(prefix + "Held", held ? 1 : 0);
  }

  @Override
  public void request(Request request) {
    add("Requests", 1);
    add("ReadUnits", readUnits.add(request.readUnits()));
    add("WriteUnits", writeUnits.add(request.writeUnits()));
  }

  private void add(String name, long delta) {
    if (delta != 0) {
      counters.accept(prefix + name, delta);
    }
  }

  /** Adds fractions, and hands out whole units. */
  private static final class Units {
    private double rest;

    synchronized long add(double units) {
      rest += units;
      long whole = (long) rest;
      rest -= whole;
      return whole;
    }
  }
}
