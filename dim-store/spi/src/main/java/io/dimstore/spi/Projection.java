package io.dimstore.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which value columns to read, by their position among the table's value columns, in the order in
 * which the rows are to have them. Immutable.
 */
public final class Projection {

  private final int[] indexes;

  private Projection(int[] indexes) {
    this.indexes = indexes;
  }

  /** These positions, none of them twice. */
  public static Projection of(int... indexes) {
    if (Arrays.stream(indexes).distinct().count() != indexes.length) {
      throw new IllegalArgumentException("A projection names each column once");
    }
    return new Projection(indexes.clone());
  }

  /** The first {@code count} value columns: of a table, all of them. */
  public static Projection all(int count) {
    int[] indexes = new int[count];
    Arrays.setAll(indexes, i -> i);
    return new Projection(indexes);
  }

  /** How many columns are read; may be 0, when only presence matters. */
  public int size() {
    return indexes.length;
  }

  /** The position in the table of the column that stands at {@code i} in the projected row. */
  public int index(int i) {
    return indexes[i];
  }

  /** Whether this is all of {@code count} columns in their order. */
  public boolean isAll(int count) {
    if (indexes.length != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (indexes[i] != i) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Projection projection && Arrays.equals(indexes, projection.indexes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indexes);
  }

  @Override
  public String toString() {
    return "columns " + Arrays.toString(indexes);
  }
}
