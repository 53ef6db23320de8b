// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoredChanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a side holds for keys, to copy it to the other side: by {@link StoredChanges}, which
 * finds tombstones too and asks no cache; by lookups if the store has no such interface.
 */
final class StoredRows {

  private final DimensionTable table;
  private final Projection all;
  private final Optional<StoredChanges> stored;

  /**
   * @param all all value columns
   */
  StoredRows(DimensionTable table, Projection all) {
    this.table = table;
    this.all = all;
    this.stored = table.capability(StoredChanges.class);
  }

  /**
   * Returns whether the answers are exact. If not, null stands for a tombstone as well as for an
   * absent row, and a cache may answer.
   */
  boolean isExact() {
    return stored.isPresent();
  }

  /** Reads keys; the result has an entry for each, null where nothing was found. */
  CompletionStage<Map<Key, @Nullable Change>> read(List<Key> keys) {
    return stored.isPresent()
        ? stored.get().stored(keys).thenApply(found -> byKey(keys, found))
        : table.get(keys, all).thenApply(found -> byKey(keys, found));
  }

  private static Map<Key, @Nullable Change> byKey(
      List<Key> keys, List<? extends @Nullable Change> changes) {
    Map<Key, @Nullable Change> found = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      found.put(keys.get(i), changes.get(i));
    }
    return found;
  }
}
