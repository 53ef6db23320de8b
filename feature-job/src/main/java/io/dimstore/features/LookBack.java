package io.dimstore.features;

/**
 * The aggregates of one event, per window in the order of {@link LookBackWindows}. Mutable and
 * reused: read it before the next event is added.
 */
final class LookBack {

  /** Aggregates per window, in the order of the columns. */
  static final int PER_WINDOW = 6;

  private final long[] values = new long[LookBackWindows.COUNT * PER_WINDOW];

  /** Names a window's aggregates, in order: {@code events_1m}, {@code buys_1m} and so on. */
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

  /** Value {@code i} of {@code WINDOWS * PER_WINDOW}, window by window. */
  long get(int i) {
    return values[i];
  }
}
