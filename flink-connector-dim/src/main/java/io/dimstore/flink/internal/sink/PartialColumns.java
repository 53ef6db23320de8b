// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a sink updates, while it leaves the others as they are stored. One of them is
 * the version of these columns: their values are replaced only by those of an equal or a newer
 * version, whatever the versions of other columns are.
 *
 * <p>The row's own version only orders the stored rows. It rises with each update, so that caches,
 * feeds and copies see every one.
 *
 * @param values positions of the columns among the value columns, the version column included
 * @param version position of the version column among the value columns
 * @param versionType BIGINT, TIMESTAMP or TIMESTAMP_LTZ
 * @param size the number of value columns of the table
 */
public record PartialColumns(List<Integer> values, int version, LogicalType versionType, int size)
    implements Serializable {

  public PartialColumns {
    values = List.copyOf(values);
  }

  /**
   * Returns the stored row with these columns replaced by those of a change, or null if the stored
   * row has newer ones or the same. A delete sets the columns to null and keeps its version, so
   * that no older change brings them back. A row that was removed or has expired has no versions of
   * its columns any more: the change is then compared with the version of the row.
   *
   * @param stored the newest stored change of the key: a row, a removal, or null
   */
  @Nullable Change merge(Change change, @Nullable Change stored) {
    Put row = stored instanceof Put put ? put : null;
    Long newest = row != null ? versionOf(row) : stored == null ? null : (Long) stored.version();
    if (newest != null && newest > change.version()) {
      return null;
    }
    @Nullable Object[] merged = new @Nullable Object[size];
    for (int i = 0; i < size; i++) {
      merged[i] = row == null ? null : row.row().get(i);
    }
    for (int value : values) {
      merged[value] = change instanceof Put put ? put.row().get(value) : null;
    }
    if (change instanceof Delete) {
      merged[version] = valueOf(change.version());
    }
    Put next =
        new Put(
            change.key(),
            Row.of(merged),
            stored == null ? change.version() : Math.max(change.version(), stored.version() + 1),
            expiry(change, row));
    return row != null
            && row.row().equals(next.row())
            && row.expiresAtMillis() == next.expiresAtMillis()
        ? null
        : next;
  }

  /** Only a change that has an expiry changes that of the row. */
  private static long expiry(Change change, @Nullable Put row) {
    long expiry = change instanceof Put put ? put.expiresAtMillis() : Put.NEVER;
    return expiry == Put.NEVER && row != null ? row.expiresAtMillis() : expiry;
  }

  private @Nullable Long versionOf(Put row) {
    Object value = row.row().get(version);
    if (value instanceof Instant time) {
      return time.toEpochMilli();
    }
    return value instanceof LocalDateTime time
        ? (Long) time.toInstant(ZoneOffset.UTC).toEpochMilli()
        : (Long) value;
  }

  /** Returns a version as a value of its column, in which it may have fewer digits. */
  private Object valueOf(long millis) {
    if (versionType.is(LogicalTypeRoot.BIGINT)) {
      return millis;
    }
    int precision = Math.min(3, LogicalTypeChecks.getPrecision(versionType));
    long unit = Math.round(Math.pow(10, 3 - precision));
    Instant time = Instant.ofEpochMilli(Math.floorDiv(millis, unit) * unit);
    return versionType.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
        ? time
        : LocalDateTime.ofInstant(time, ZoneOffset.UTC);
  }
}
