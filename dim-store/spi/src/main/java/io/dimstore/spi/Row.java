package io.dimstore.spi;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values by position: those of a table's value columns (all columns but the key) or of a projection
 * of them, or the fields of a ROW type. Equality is deep and includes {@code byte[]} contents.
 *
 * <p>Rows own their array: neither the caller that built a row nor one that reads it may change the
 * array or what its elements hold. That makes a row safe to share between threads.
 */
public final class Row {

  private static final Row EMPTY = new Row(new Object[0]);

  private final @Nullable Object[] values;

  private Row(@Nullable Object[] values) {
    this.values = values;
  }

  /** A row of these values, taking over the array. */
  public static Row of(@Nullable Object... values) {
    return values.length == 0 ? EMPTY : new Row(values);
  }

  /** The value at a position from 0; null stands for SQL NULL. */
  public @Nullable Object get(int index) {
    return values[index];
  }

  /** How many values there are. */
  public int size() {
    return values.length;
  }

  /** The row that has, in this order, the values at the given positions. */
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
