// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.support.KeyBounds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * A column of the key, and the order of its values.
 *
 * @param index the column's position in the key
 * @param type the column's type in SQL
 */
record KeyColumn(int index, String name, LogicalType type, Column stored, KeyCodec codec) {

  /** Returns the key columns of a table, in key order. */
  static List<KeyColumn> of(TableLayout layout) {
    List<Column> stored = layout.spec().key();
    return IntStream.range(0, stored.size())
        .mapToObj(
            i -> {
              int position = layout.key().get(i);
              return new KeyColumn(
                  i,
                  layout.names().get(position),
                  layout.types().get(position),
                  stored.get(i),
                  new KeyCodec(List.of(stored.get(i))));
            })
        .toList();
  }

  /** Returns a value of this column. Its class must be the one that stores use for the type. */
  Value value(Object value) {
    return new Value(value, codec.encode(Key.of(value)));
  }

  /** Returns the least value. */
  Value least() {
    return value(KeyBounds.least(stored.type()));
  }

  /** Returns the value that follows another one, or null after the greatest. */
  @Nullable Value next(Value value) {
    Object next = KeyBounds.next(stored.type(), value.value());
    return next == null ? null : value(next);
  }

  /** A value of a key column. Two values are equal if a store encodes them alike. */
  record Value(Object value, byte[] order) implements Comparable<Value> {

    @Override
    public int compareTo(Value other) {
      return Arrays.compareUnsigned(order, other.order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Value that && Arrays.equals(order, that.order);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(order);
    }

    @Override
    public String toString() {
      return Key.of(value).toString();
    }
  }
}
