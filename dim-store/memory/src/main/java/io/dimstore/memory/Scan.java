package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A range of key bytes that is still to be read, and how: what a split's token says.
 *
 * @param from inclusive; empty for the lowest key
 * @param to exclusive, or null for the end of the table
 */
record Scan(
    String table, Projection columns, boolean tombstones, byte[] from, byte @Nullable [] to) {

  /** Divides what the options ask for by the keys that are there now (R9). */
  static List<ScanSplit> divide(TableSpec spec, TableData data, int desired, ScanOptions options) {
    if (desired < 1) {
      throw StoreException.invalid("A scan has at least 1 split, not " + desired);
    }
    KeyCodec codec = data.codec();
    byte[] from = options.from() == null ? new byte[0] : codec.encode(options.from());
    byte[] to = options.to() == null ? null : codec.encode(options.to());
    List<byte[]> bounds = bounds(range(data, from, to), desired);
    List<ScanSplit> splits = new ArrayList<>();
    for (int i = 0; i <= bounds.size(); i++) {
      Scan part =
          new Scan(
              spec.name(),
              options.columns(),
              options.tombstones(),
              i == 0 ? from : bounds.get(i - 1),
              i == bounds.size() ? to : bounds.get(i));
      splits.add(SplitToken.of(part));
    }
    return splits;
  }

  /** The next entries, and the range that they leave. */
  ScanPage read(List<Column> declared, TableData data, int maxEntries, long now) {
    if (maxEntries < 1) {
      throw StoreException.invalid("A page has at least 1 entry, not " + maxEntries);
    }
    Layout layout = Layout.of(data.values(), declared, columns);
    List<Change> changes = new ArrayList<>(Math.min(maxEntries, 1_024));
    List<UnreadableRow> unreadable = new ArrayList<>(0);
    byte[] last = null;
    for (Map.Entry<byte[], Key> entry : range(data, from, to).entrySet()) {
      if (changes.size() == maxEntries) {
        return new ScanPage(changes, unreadable, SplitToken.of(startingAfter(last)));
      }
      last = entry.getKey();
      Change newest = data.newest(entry.getValue(), now);
      if (newest instanceof Put put && !put.isExpiredAt(now)) {
        Put row = layout.read(put);
        if (row == null) {
          unreadable.add(new UnreadableRow(put.key(), Layout.misfit(table, put.key())));
        } else {
          changes.add(row);
        }
      } else if (newest != null && tombstones) {
        changes.add(newest instanceof Put put ? new Delete(put.key(), put.version()) : newest);
      }
    }
    return new ScanPage(changes, unreadable, null);
  }

  /** No key's bytes begin another's, so one more byte is past this key and before the next. */
  private Scan startingAfter(byte @Nullable [] last) {
    return last == null
        ? this
        : new Scan(table, columns, tombstones, Arrays.copyOf(last, last.length + 1), to);
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

  private static ConcurrentNavigableMap<byte[], Key> range(
      TableData data, byte[] from, byte @Nullable [] to) {
    ConcurrentNavigableMap<byte[], Key> order = data.order();
    if (to == null) {
      return order.tailMap(from, true);
    }
    return Arrays.compareUnsigned(from, to) < 0
        ? order.subMap(from, true, to, false)
        : order.subMap(from, true, from, false);
  }
}
