// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import io.dimstore.migration.measure.RequestCounter.Requests;
import io.dimstore.spi.Put;
import java.time.Instant;
import java.util.List;

/**
 * The latency of lookups in both stores.
 *
 * @param at when the measurement ended
 * @param rows the rows whose keys were looked up
 * @param old the old store
 * @param target the new store
 * @param ratio 99th percentile of the new store by that of the old one
 * @param low lower end of its 95 % interval
 * @param high upper end of its 95 % interval
 */
public record LookupResult(
    Instant at, List<Put> rows, Store old, Store target, double ratio, double low, double high) {

  /** Copies the list. */
  public LookupResult {
    rows = List.copyOf(rows);
  }

  /**
   * What was measured of one store.
   *
   * @param name the store and the table
   * @param lookups lookups that succeeded
   * @param failed lookups that failed; they have no latency
   * @param p50Micros median latency in microseconds
   * @param p99Micros 99th percentile in microseconds
   * @param lookupsPerSecond at the number of lookups at once that was set
   * @param requests the requests of the store for these lookups
   */
  public record Store(
      String name,
      long lookups,
      long failed,
      double p50Micros,
      double p99Micros,
      double lookupsPerSecond,
      Requests requests) {}
}
