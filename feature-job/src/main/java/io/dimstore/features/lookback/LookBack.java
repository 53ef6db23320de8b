// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

/**
 * The aggregates of one event, per window in the order of {@link LookBackWindows}. Mutable and
 * reused: the values must be read before the next event is added.
 */
final class LookBack {

  /** The number of aggregates per window. Aggregates have the order of the columns. */
  static final int PER_WINDOW = 6;

  private final long[] values = new long[LookBackWindows.COUNT * PER_WINDOW];

  /**
   * Returns the column name of a window's aggregate, such as {@code events_1m} or {@code buys_1m}.
   */
  static String column(int window, int aggregate) {
    String name =
        switch (aggregate) {
          case 0 -> "events";
          case 1 -> "buys";
          case 2 -> "returns";
          case 3 -> "spend";
          case 4 -> "returned";
          case 5 -> "items";
          default -> throw new IllegalArgumentException("aggregate " + aggregate);
        };
    return name + "_" + LookBackWindows.NAMES.get(window);
  }

  void set(
      int window, long events, long buys, long returns, long spend, long returned, long items) {
    int at = window * PER_WINDOW;
    values[at] = events;
    values[at + 1] = buys;
    values[at + 2] = returns;
    values[at + 3] = spend;
    values[at + 4] = returned;
    values[at + 5] = items;
  }

  /** Returns value {@code i} of {@code WINDOWS * PER_WINDOW} values, ordered by window. */
  long get(int i) {
    return values[i];
  }
}
