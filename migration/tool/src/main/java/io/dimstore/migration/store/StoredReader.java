// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys as a scan with tombstones returns them: by {@link StoredChanges}, or by a scan that
 * begins at the key if the store has no such interface. Thread-safe.
 */
public final class StoredReader {

  private static final int BATCH = 500;

  private final DimensionTable table;
  private final TableSpec spec;
  private final Calls calls;
  private final Optional<StoredChanges> direct;

  /** Creates a reader of one table. */
  public StoredReader(DimensionTable table, TableSpec spec, Calls calls) {
    this.table = table;
    this.spec = spec;
    this.calls = calls;
    this.direct = table.capability(StoredChanges.class);
  }

  /**
   * What a store holds for a key.
   *
   * @param change the row or tombstone; null if there is none, or the row cannot be decoded
   * @param unreadable why the row cannot be decoded, or null
   */
  public record Held(@Nullable Change change, @Nullable String unreadable) {}

  /** Reads distinct keys. The result has an entry for each. */
  public Map<Key, Held> read(List<Key> keys) throws InterruptedException {
    Map<Key, Held> found = new HashMap<>(keys.size() * 2);
    for (int i = 0; i < keys.size(); i += BATCH) {
      List<Key> batch = keys.subList(i, Math.min(keys.size(), i + BATCH));
      if (direct.isPresent()) {
        readDirectly(direct.get(), batch, found);
      } else {
        for (Key key : batch) {
          found.put(key, scan(key));
        }
      }
    }
    return found;
  }

  private void readDirectly(StoredChanges stored, List<Key> batch, Map<Key, Held> found)
      throws InterruptedException {
    Set<Key> left = new LinkedHashSet<>(batch);
    while (!left.isEmpty()) {
      List<Key> asked = new ArrayList<>(left);
      try {
        List<@Nullable Change> answer = calls.await(() -> stored.stored(asked));
        for (int i = 0; i < asked.size(); i++) {
          found.put(asked.get(i), new Held(answer.get(i), null));
        }
        return;
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.CORRUPT || !left.removeAll(new ArrayList<>(e.keys()))) {
          throw e;
        }
        e.keys().forEach(key -> found.put(key, new Held(null, String.valueOf(e.getMessage()))));
      }
    }
  }

  private Held scan(Key key) throws InterruptedException {
    ScanOptions from = new ScanOptions(spec.all(), key, null, true);
    List<ScanSplit> splits = calls.await(() -> table.splits(1, from));
    for (ScanSplit split : splits) {
      ScanSplit rest = split;
      while (rest != null) {
        ScanSplit current = rest;
        ScanPage page = calls.await(() -> table.scan(current, 1));
        for (io.dimstore.spi.UnreadableRow row : page.unreadable()) {
          if (key.equals(row.key())) {
            return new Held(null, row.reason());
          }
        }
        if (!page.changes().isEmpty()) {
          Change first = page.changes().get(0);
          return new Held(first.key().equals(key) ? first : null, null);
        }
        rest = page.remaining();
      }
    }
    return new Held(null, null);
  }
}
