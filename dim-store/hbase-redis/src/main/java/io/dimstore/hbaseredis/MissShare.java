package io.dimstore.hbaseredis;

/**
 * The share of rows that Redis had nothing of, lately: whether a read had better take leases at
 * once, which also reads what is there. That is a round trip less for a miss, and more work in
 * Redis for a hit. Thread-safe; readers race on it, and a step that is lost is made up for by the
 * next.
 */
final class MissShare {

  private static final int BITS = 10;

  private static final int MOSTLY = 3 << BITS - 2;

  /** 1 is {@code 1 << BITS}. */
  private volatile int share;

  /** Whether most rows are missed: three in four. */
  boolean isHigh() {
    return share >= MOSTLY;
  }

  /** Learns how many of some rows were missed; the last eight reads or so count. */
  void learn(int misses, int rows) {
    share += ((misses << BITS) / rows - share) >> 3;
  }

  /** Begins anew, with no misses. */
  void forget() {
    share = 0;
  }
}
