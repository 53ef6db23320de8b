// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ServiceModel} simulates besides the rules that always hold. Immutable: each {@code
 * with} method returns a changed copy.
 *
 * @param latency by how much each response is late
 * @param tableReadUnits the read units a second that each table has, or 0 for no limit
 * @param tableWriteUnits the write units a second that each table has, or 0 for no limit
 * @param partitions over how many partitions each table is spread, of which each has 3,000 read
 *     units and 1,000 write units a second; 0 for no limit
 * @param unprocessed the share of the keys and items of a batch that is left unprocessed, below 1
 * @param timeToLiveDelay how long after its expiry an item is removed, or null to keep it
 */
public record ModelSettings(
    Duration latency,
    double tableReadUnits,
    double tableWriteUnits,
    int partitions,
    double unprocessed,
    @Nullable Duration timeToLiveDelay) {

  /** Settings that simulate nothing. */
  public static final ModelSettings NONE = new ModelSettings(Duration.ZERO, 0, 0, 0, 0, null);

  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "latency",
              "table-read-units",
              "table-write-units",
              "partitions",
              "unprocessed",
              "time-to-live-delay"));

  /** Checks the ranges. */
  public ModelSettings {
    if (latency.isNegative()
        || tableReadUnits < 0
        || tableWriteUnits < 0
        || partitions < 0
        || !(unprocessed >= 0 && unprocessed < 1)) {
      throw new IllegalArgumentException(
          "no setting of the model is negative, and the unprocessed share is below 1");
    }
  }

  /**
   * Reads settings such as {@code latency=5,partitions=4}.
   *
   * @throws IllegalArgumentException as {@link #of(Map)}
   */
  public static ModelSettings of(String text) {
    Map<String, String> settings = new TreeMap<>();
    for (String setting : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("'" + setting + "' is not of the form NAME=NUMBER");
      }
      settings.put(setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
    }
    return of(settings);
  }

  /**
   * Reads settings by their names. Durations are numbers of milliseconds.
   *
   * @throws IllegalArgumentException if there is no setting of a name, or a value is wrong
   */
  public static ModelSettings of(Map<String, String> settings) {
    ModelSettings all = NONE;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      all = all.with(setting.getKey(), setting.getValue());
    }
    return all;
  }

  private ModelSettings with(String name, String value) {
    try {
      return switch (name) {
        case "latency" -> withLatency(Duration.ofMillis(Long.parseLong(value)));
        case "table-read-units" -> withTableUnits(Double.parseDouble(value), tableWriteUnits);
        case "table-write-units" -> withTableUnits(tableReadUnits, Double.parseDouble(value));
        case "partitions" -> withPartitions(Integer.parseInt(value));
        case "unprocessed" -> withUnprocessed(Double.parseDouble(value));
        case "time-to-live-delay" -> withTimeToLiveDelay(Duration.ofMillis(Long.parseLong(value)));
        default ->
            throw new IllegalArgumentException(
                "no setting '" + name + "' of the model; there are " + String.join(", ", NAMES));
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + "=" + value + ": not a number", e);
    }
  }

  /** Delays each response. */
  public ModelSettings withLatency(Duration delay) {
    return new ModelSettings(
        delay, tableReadUnits, tableWriteUnits, partitions, unprocessed, timeToLiveDelay);
  }

  /** Limits each table. */
  public ModelSettings withTableUnits(double read, double write) {
    return new ModelSettings(latency, read, write, partitions, unprocessed, timeToLiveDelay);
  }

  /** Limits each partition of each table. */
  public ModelSettings withPartitions(int number) {
    return new ModelSettings(
        latency, tableReadUnits, tableWriteUnits, number, unprocessed, timeToLiveDelay);
  }

  /** Leaves a share of each batch unprocessed. */
  public ModelSettings withUnprocessed(double share) {
    return new ModelSettings(
        latency, tableReadUnits, tableWriteUnits, partitions, share, timeToLiveDelay);
  }

  /** Removes expired items. */
  public ModelSettings withTimeToLiveDelay(Duration delay) {
    return new ModelSettings(
        latency, tableReadUnits, tableWriteUnits, partitions, unprocessed, delay);
  }
}
