package io.dimstore.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run through an input counted. {@code linesRead} equals {@code events} plus all of {@code
 * refused}.
 *
 * @param linesRead lines of the file without its header, or events that were generated
 * @param refused lines that could not be an event, by reason, ordered by the reason's name
 * @param events events that came out
 * @param userChanges changes of {@code dim_user} that came out
 * @param itemChanges changes of {@code dim_item} that came out
 * @param sha256 hash in hex over the values of all records in the order they came out, each as
 *     {@link JsonEncoder} writes it and followed by a line feed; refused lines are not part of it
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

  /** All lines that were refused, for whatever reason. */
  public long refusedTotal() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Changes of both dimensions. */
  public long dimensionChanges() {
    return userChanges + itemChanges;
  }
}
