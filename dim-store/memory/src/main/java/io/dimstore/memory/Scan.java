// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;

/** Divides and reads the ranges of keys that scans consist of. */
final class Scan {

  private Scan() {}

  /** Divides the requested range into splits, by the keys that exist now (R9). */
  static List<ScanSplit> divide(TableSpec spec, TableData data, int desired, ScanOptions options) {
    if (desired < 1) {
      throw StoreException.invalid("A scan has at least 1 split, not " + desired);
    }
    KeyRange all = KeyRange.of(MemoryStoreFactory.ID, spec, options);
    return all.splitAt(bounds(range(data, all), desired));
  }

  /** Reads the next entries, and returns them with the range that remains. */
  static ScanPage read(
      KeyRange wanted, List<Column> declared, TableData data, int maxEntries, long now) {
    if (maxEntries < 1) {
      throw StoreException.invalid("A page has at least 1 entry, not " + maxEntries);
    }
    RowConversion conversion = RowConversion.of(data.values(), declared, wanted.columns());
    List<Change> changes = new ArrayList<>(Math.min(maxEntries, 1_024));
    List<UnreadableRow> unreadable = new ArrayList<>(0);
    byte[] last = null;
    for (Map.Entry<byte[], Key> entry : range(data, wanted).entrySet()) {
      if (changes.size() == maxEntries) {
        KeyRange remaining = last == null ? wanted : wanted.after(last);
        return new ScanPage(changes, unreadable, remaining.split());
      }
      last = entry.getKey();
      Change newest = data.newest(entry.getValue(), now);
      if (newest instanceof Put put && !put.isExpiredAt(now)) {
        Put row = conversion.read(put);
        if (row == null) {
          unreadable.add(
              new UnreadableRow(put.key(), RowConversion.mismatch(wanted.table(), put.key())));
        } else {
          changes.add(row);
        }
      } else if (newest != null && wanted.tombstones()) {
        changes.add(newest instanceof Put put ? new Delete(put.key(), put.version()) : newest);
      }
    }
    return new ScanPage(changes, unreadable, null);
  }

  private static List<byte[]> bounds(ConcurrentNavigableMap<byte[], Key> keys, int desired) {
    List<byte[]> bounds = new ArrayList<>();
    int perSplit = keys.size() / desired + 1;
    int i = 0;
    for (byte[] bytes : keys.keySet()) {
      if (i > 0 && i % perSplit == 0 && bounds.size() < desired - 1) {
        bounds.add(bytes);
      }
      i++;
    }
    return bounds;
  }

  private static ConcurrentNavigableMap<byte[], Key> range(TableData data, KeyRange wanted) {
    ConcurrentNavigableMap<byte[], Key> order = data.order();
    byte[] from = wanted.from();
    byte[] to = wanted.to();
    if (to == null) {
      return order.tailMap(from, true);
    }
    return wanted.isEmpty()
        ? order.subMap(from, true, from, false)
        : order.subMap(from, true, to, false);
  }
}
