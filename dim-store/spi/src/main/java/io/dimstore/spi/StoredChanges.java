// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table that can read by key what a scan with tombstones returns. {@link DimensionTable#get}
 * answers null for a deleted row and for a row that never existed, and may answer from a cache;
 * this interface distinguishes the two, and reads the system of record. It is for tools that
 * compare or copy tables, not for lookups.
 *
 * <p>A store whose scans can seek to a key needs no such interface: a scan of one key's range reads
 * the same.
 */
public interface StoredChanges {

  /**
   * Reads the newest change of each key, with all value columns and with strong consistency.
   *
   * @param keys any number; a key that the store cannot hold is absent (R10)
   * @return a list whose element i belongs to {@code keys.get(i)}: the row; a {@link Delete} for a
   *     tombstone and for an expired row, as long as the store remembers it; or null. Fails CORRUPT
   *     with the keys of the rows that cannot be decoded (R11d)
   */
  CompletionStage<List<@Nullable Change>> stored(List<Key> keys);
}
