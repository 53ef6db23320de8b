// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values by position: those of a table's value columns (all columns but the key) or of a projection
 * of them, or the fields of a ROW type. Equality is deep and includes {@code byte[]} contents.
 *
 * <p>A row owns its array: neither its creator nor its readers may change the array or the contents
 * of its elements. Therefore threads can share a row.
 */
public final class Row {

  private static final Row EMPTY = new Row(new Object[0]);

  private final @Nullable Object[] values;

  private Row(@Nullable Object[] values) {
    this.values = values;
  }

  /** Creates a row of these values. The row owns the array from now on. */
  public static Row of(@Nullable Object... values) {
    return values.length == 0 ? EMPTY : new Row(values);
  }

  /** Returns the value at an index from 0; null is SQL NULL. */
  public @Nullable Object get(int index) {
    return values[index];
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /** Returns a row of the values at the projection's positions, in its order. */
  public Row project(Projection columns) {
    if (columns.isAll(values.length)) {
      return this;
    }
    @Nullable Object[] projected = new @Nullable Object[columns.size()];
    for (int i = 0; i < projected.length; i++) {
      projected[i] = values[columns.index(i)];
    }
    return new Row(projected);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && Values.equal(values, row.values);
  }

  @Override
  public int hashCode() {
    return Values.hash(values);
  }

  @Override
  public String toString() {
    return Arrays.stream(values).map(Values::describe).collect(Collectors.joining(", ", "(", ")"));
  }
}
