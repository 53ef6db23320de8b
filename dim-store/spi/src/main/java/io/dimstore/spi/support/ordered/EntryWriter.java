// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encodes changes of a table as entries. */
final class EntryWriter {

  private final KeyCodec keys;
  private final List<String> names;
  private final List<KeyCodec> codecs;
  private final long retentionMillis;

  EntryWriter(TableSpec spec, long retentionMillis) {
    this.keys = new KeyCodec(spec.key());
    this.names = spec.values().stream().map(Column::name).toList();
    this.codecs = spec.values().stream().map(column -> new KeyCodec(List.of(column))).toList();
    this.retentionMillis = retentionMillis;
  }

  /**
   * Returns the entries in the order of their keys, so that all writers lock rows in the same order
   * and do not wait for each other in a circle.
   *
   * @param stored the columns of the table, which are those of the spec in any order
   * @throws StoreException INVALID with the keys of the changes that are too large
   */
  List<Entry> entries(List<Change> changes, Declaration stored, int maxBytes, long nowMillis) {
    List<Entry> entries = new ArrayList<>(changes.size());
    Set<Key> tooLarge = new LinkedHashSet<>();
    for (Change change : changes) {
      Entry entry = entry(change, stored, nowMillis);
      byte[] row = entry.row();
      if (entry.key().length > maxBytes || (row != null && row.length > maxBytes)) {
        tooLarge.add(change.key());
      }
      entries.add(entry);
    }
    if (!tooLarge.isEmpty()) {
      throw StoreException.invalid(
          "A key and a row have at most " + maxBytes + " bytes each", List.copyOf(tooLarge));
    }
    entries.sort(Comparator.comparing(Entry::key, Arrays::compareUnsigned));
    return entries;
  }

  private Entry entry(Change change, Declaration stored, long nowMillis) {
    byte[] key = keys.encode(change.key());
    if (!(change instanceof Put put)) {
      return new Entry(key, change.version(), Put.NEVER, end(nowMillis), null);
    }
    return new Entry(
        key,
        change.version(),
        put.expiresAtMillis(),
        end(put.expiresAtMillis()),
        RowBytes.encode(
            stored.values().keySet().stream().map(name -> cell(put.row(), name)).toList()));
  }

  private byte @Nullable [] cell(Row row, String name) {
    int position = names.indexOf(name);
    Object value = row.get(position);
    return value == null ? null : codecs.get(position).encode(Key.of(value));
  }

  /** Returns the time from which on an entry is no longer remembered (R4c, R8c). */
  private long end(long from) {
    long end = from + retentionMillis;
    return from > 0 && end < from ? Long.MAX_VALUE : end;
  }
}
