// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The value columns to read, as positions among the table's value columns, in the order of the rows
 * to return. Immutable.
 */
public final class Projection {

  private final int[] indexes;

  /** Whether these are the first positions of a table, in order. */
  private final boolean inOrder;

  private Projection(int[] indexes) {
    this.indexes = indexes;
    this.inOrder = IntStream.range(0, indexes.length).allMatch(i -> indexes[i] == i);
  }

  /**
   * Creates a projection of these positions.
   *
   * @throws IllegalArgumentException if a position occurs twice
   */
  public static Projection of(int... indexes) {
    if (Arrays.stream(indexes).distinct().count() != indexes.length) {
      throw new IllegalArgumentException("A projection names each column once");
    }
    return new Projection(indexes.clone());
  }

  /** Returns the projection of all value columns of a table that has {@code count} of them. */
  public static Projection all(int count) {
    int[] indexes = new int[count];
    Arrays.setAll(indexes, i -> i);
    return new Projection(indexes);
  }

  /** Returns the number of columns to read; 0 if only the presence of rows matters. */
  public int size() {
    return indexes.length;
  }

  /** Returns the position in the table of the column at {@code i} in the projected row. */
  public int index(int i) {
    return indexes[i];
  }

  /** Returns whether this reads all of {@code count} columns in table order. */
  public boolean isAll(int count) {
    return inOrder && indexes.length == count;
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
