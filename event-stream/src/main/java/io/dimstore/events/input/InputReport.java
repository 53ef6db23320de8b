// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.input;

import io.dimstore.events.record.JsonEncoder;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of one run through an input. {@code linesRead} equals {@code events} plus the sum of
 * {@code refused}.
 *
 * @param linesRead lines of the file without its header, or number of generated events
 * @param refused number of refused lines per reason, sorted by the reason's name
 * @param events number of events returned
 * @param userChanges number of changes of {@code dim_user} returned
 * @param itemChanges number of changes of {@code dim_item} returned
 * @param sha256 hash in hex over the values of all records in the order in which they were
 *     returned, each as {@link JsonEncoder} writes it and followed by a line feed; refused lines
 *     are not part of it
 */
public record InputReport(
    long linesRead,
    Map<String, Long> refused,
    long events,
    long userChanges,
    long itemChanges,
    String sha256) {

  /** Copies the map. */
  public InputReport {
    refused = Collections.unmodifiableMap(new TreeMap<>(refused));
  }

  /** Returns the number of refused lines, for all reasons together. */
  public long refusedTotal() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the number of changes of both dimensions. */
  public long dimensionChanges() {
    return userChanges + itemChanges;
  }
}
