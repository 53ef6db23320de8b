// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.source.KeyColumn.Value;
import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.support.KeyBounds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a scan has to read: certain keys, which the table is asked for, or a range of keys,
 * which is scanned. Keys are held as the bytes of {@link KeyCodec}.
 */
public final class ScannedKeys implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The most keys that a scan asks for one by one. Beyond that, it reads the range around them. */
  static final int MAX_KEYS = 10_000;

  /** All keys. */
  static final ScannedKeys ALL = new ScannedKeys(null, null, null, 0, "");

  private final @Nullable ArrayList<byte[]> single;
  private final byte @Nullable [] from;
  private final byte @Nullable [] to;
  private final int usedColumns;
  private final String summary;

  private ScannedKeys(
      @Nullable List<byte[]> single,
      byte @Nullable [] from,
      byte @Nullable [] to,
      int usedColumns,
      String summary) {
    this.single = single == null ? null : new ArrayList<>(single);
    this.from = from;
    this.to = to;
    this.usedColumns = usedColumns;
    this.summary = summary;
  }

  /** Returns the keys to read for a condition. */
  static ScannedKeys of(KeyCondition condition) {
    if (condition.allowsAll()) {
      return ALL;
    }
    List<KeyColumn> columns = condition.columns();
    Set<List<Value>> keys = keys(condition);
    if (keys == null) {
      return range(columns, condition.widened().alternatives().get(0));
    }
    KeyCodec codec = codec(columns);
    TreeMap<byte[], Boolean> ordered = new TreeMap<>(Arrays::compareUnsigned);
    keys.forEach(key -> ordered.put(codec.encode(key(key)), true));
    return new ScannedKeys(
        List.copyOf(ordered.keySet()), null, null, columns.size(), "keys=[" + ordered.size() + "]");
  }

  /** Returns the keys that a condition allows, or null if they are unknown or too many. */
  private static @Nullable Set<List<Value>> keys(KeyCondition condition) {
    Set<List<Value>> keys = new LinkedHashSet<>();
    for (List<ColumnValues> alternative : condition.alternatives()) {
      List<List<Value>> product = List.of(List.of());
      for (ColumnValues values : alternative) {
        List<Value> single = values.single();
        if (single == null || (long) product.size() * single.size() > MAX_KEYS) {
          return null;
        }
        List<List<Value>> longer = new ArrayList<>(product.size() * single.size());
        for (List<Value> begin : product) {
          for (Value value : single) {
            List<Value> key = new ArrayList<>(begin);
            key.add(value);
            longer.add(key);
          }
        }
        product = longer;
      }
      keys.addAll(product);
      if (keys.size() > MAX_KEYS) {
        return null;
      }
    }
    return keys;
  }

  /** Returns the range of the keys whose first columns have the given values. */
  private static ScannedKeys range(List<KeyColumn> columns, List<ColumnValues> values) {
    List<Value> prefix = new ArrayList<>();
    for (ColumnValues each : values) {
      List<Value> single = each.single();
      if (single == null || single.size() != 1 || prefix.size() == columns.size() - 1) {
        break;
      }
      prefix.add(single.get(0));
    }
    KeyColumn column = columns.get(prefix.size());
    ColumnValues next = values.get(prefix.size());
    ColumnValues bounds = next.isAll() ? next : next.asRange(column);
    if (prefix.isEmpty() && bounds.isAll()) {
      return ALL;
    }
    Key from = KeyBounds.from(stored(columns), first(prefix, bounds.from()));
    Key to =
        bounds.to() == null
            ? KeyBounds.to(stored(columns), first(prefix, null))
            : KeyBounds.from(stored(columns), first(prefix, bounds.to()));
    KeyCodec codec = codec(columns);
    return new ScannedKeys(
        null,
        prefix.isEmpty() && bounds.from() == null ? null : codec.encode(from),
        to == null ? null : codec.encode(to),
        bounds.isAll() ? prefix.size() : prefix.size() + 1,
        KeySummary.of(columns, prefix, column, bounds));
  }

  private static List<Object> first(List<Value> prefix, @Nullable Value next) {
    List<Object> values = new ArrayList<>();
    prefix.forEach(value -> values.add(value.value()));
    if (next != null) {
      values.add(next.value());
    }
    return values;
  }

  private static Key key(List<Value> values) {
    return Key.of(first(values, null).toArray());
  }

  private static List<Column> stored(List<KeyColumn> columns) {
    return columns.stream().map(KeyColumn::stored).toList();
  }

  private static KeyCodec codec(List<KeyColumn> columns) {
    return new KeyCodec(stored(columns));
  }

  /** Returns the keys that the table is asked for, or null if a range is scanned. */
  @Nullable List<byte[]> single() {
    return single;
  }

  /** Returns the options of the scan of a range. */
  ScanOptions scan(TableLayout layout, Projection columns) {
    KeyCodec codec = new KeyCodec(layout.spec().key());
    return new ScanOptions(
        columns,
        from == null ? null : codec.decode(from),
        to == null ? null : codec.decode(to),
        false);
  }

  /** Returns whether a condition has decided which keys are read. */
  boolean isDerivedFrom(KeyCondition condition) {
    return single != null
        ? !condition.allowsAll()
        : IntStream.range(0, usedColumns).anyMatch(condition::limits);
  }

  /**
   * Returns what is read, such as {@code keys=[3]}, {@code keyPrefix=[a=x]} or {@code
   * keyRange=[a=x, b<7]}; empty for all keys.
   */
  @Override
  public String toString() {
    return summary;
  }
}
