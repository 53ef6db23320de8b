// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a table's key columns, in the order of {@link TableSpec#keyColumns}; none is null.
 * Immutable under the same ownership rule as {@link Row}; equality is by content, {@code byte[]}
 * included; the hash is computed once.
 */
public final class Key {

  private final Object[] values;
  private final int hash;

  private Key(Object[] values) {
    this.values = values;
    this.hash = Values.hash(values);
  }

  /**
   * Creates a key of these values. The key owns the array from now on.
   *
   * @throws NullPointerException if a value is null
   */
  public static Key of(Object... values) {
    for (Object value : values) {
      java.util.Objects.requireNonNull(value, "a key column is never null");
    }
    return new Key(values);
  }

  /** Returns the value of a key column; the first one has index 0. */
  public Object get(int index) {
    return values[index];
  }

  /** Returns the number of key columns. */
  public int size() {
    return values.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Key key && hash == key.hash && Values.equal(values, key.values));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.stream(values).map(Values::describe).collect(Collectors.joining(", ", "[", "]"));
  }
}
