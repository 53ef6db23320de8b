// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.cache.CacheSettings;
import io.dimstore.flink.internal.row.TableLayout;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The checked, serializable declaration of a table.
 *
 * @param store the store that holds the table
 * @param layout its columns and key
 * @param versionColumn position of the column that contains the version, or null
 * @param arrivalVersions whether versions are assigned in order of arrival
 * @param createTable whether sinks create the table
 * @param retryTimeout how long requests are retried
 * @param lookup the settings of lookups
 * @param scan the settings of scans
 * @param sink the settings of writes
 */
public record DimTable(
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

  /**
   * The settings by which keys are grouped into batches, and rows are inserted and cached.
   *
   * @param insertIfAbsent whether a lookup that finds no row inserts one
   * @param cache the settings of the cache, or null if every lookup reads the store
   */
  public record LookupSettings(
      int batchSize,
      int maxInFlight,
      Duration linger,
      boolean insertIfAbsent,
      @Nullable CacheSettings cache)
      implements Serializable {

    /** Creates settings of lookups that insert nothing and have no cache. */
    public LookupSettings(int batchSize, int maxInFlight, Duration linger) {
      this(batchSize, maxInFlight, linger, false, null);
    }
  }

  /** The number of rows in a page, and how a row that cannot be decoded is handled. */
  public record ScanSettings(int pageSize, DimOptions.UnreadableRows unreadable)
      implements Serializable {}

  /**
   * The settings by which changes are grouped into batches and get their versions.
   *
   * @param maxClockSkew how far the clocks of two processes may differ if versions are assigned by
   *     arrival
   * @param deleteVersionColumn position of the column with the version of a delete that carries no
   *     other version, or null
   */
  public record SinkSettings(
      int batchSize,
      Duration delay,
      Duration linger,
      int maxInFlight,
      Duration maxClockSkew,
      @Nullable Integer deleteVersionColumn)
      implements Serializable {}

  /** Returns the table and its store as readable text for messages. */
  public String describe() {
    return layout + " of " + store;
  }

  /** Returns the activity of a sink of this table, for messages that say what failed. */
  public String describeWriting() {
    return "Writing to " + describe();
  }

  @Override
  public String toString() {
    return describe();
  }
}
