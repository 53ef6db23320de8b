package io.dimstore.flink;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A table as its DDL declares it, checked, in the form that travels.
 *
 * @param store where it is
 * @param layout its columns and key
 * @param versionColumn position of the column that has the version, or null
 * @param arrivalVersions whether the order of arrival gives versions
 * @param createTable whether sinks create it
 * @param retryTimeout for how long requests are tried again
 * @param lookup how rows are looked up
 * @param scan how the table is scanned
 * @param sink how changes are written
 */
record DimTable(
    StoreRef store,
    TableLayout layout,
    @Nullable Integer versionColumn,
    boolean arrivalVersions,
    boolean createTable,
    Duration retryTimeout,
    LookupSettings lookup,
    ScanSettings scan,
    SinkSettings sink)
    implements Serializable {

  /** How keys are put together. */
  record LookupSettings(int batchSize, Duration linger) implements Serializable {}

  /** How many rows a page has, and what happens to a row that cannot be decoded. */
  record ScanSettings(int pageSize, DimOptions.UnreadableRows unreadable) implements Serializable {}

  /**
   * How changes are put together and get their versions.
   *
   * @param maxClockSkew how far the clocks of two processes may differ where they give versions
   * @param deleteVersionColumn position of the column with the version of a delete that has no
   *     other, or null
   */
  record SinkSettings(
      int batchSize,
      Duration linger,
      int maxInFlight,
      Duration maxClockSkew,
      @Nullable Integer deleteVersionColumn)
      implements Serializable {}

  /** For people: which table of which store. */
  String describe() {
    return layout + " of " + store;
  }

  @Override
  public String toString() {
    return describe();
  }
}
