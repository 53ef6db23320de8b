// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.oracle.OracleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded events of skewed users, with ties, late events and some that are too late. */
public final class RandomEvents {

  private static final String[] TYPES = {"view", "cart", "favorite", "buy", "buy", "return"};
  private static final long START = 1_291_190_400_000L;

  private RandomEvents() {}

  /**
   * Creates events.
   *
   * @param users the number of users; user k occurs about half as often as user k / 2
   * @param meanStep milliseconds from one event to the next, over all users
   */
  public static List<OracleEvent> of(
      long seed, int count, int users, int itemKinds, long meanStep) {
    SplittableRandom random = new SplittableRandom(seed);
    List<OracleEvent> events = new ArrayList<>(count);
    long now = START;
    for (int i = 0; i < count; i++) {
      now += random.nextInt(3) == 0 ? 0 : random.nextLong(2 * meanStep + 1);
      events.add(
          new OracleEvent(
              "e" + i,
              "u" + skewed(random, users),
              "item-" + skewed(random, itemKinds),
              TYPES[random.nextInt(TYPES.length)],
              random.nextInt(1, 9),
              random.nextInt(100_000),
              Math.max(0, now - delay(random))));
    }
    return events;
  }

  private static long delay(SplittableRandom random) {
    return switch (random.nextInt(20)) {
      case 0 -> random.nextLong(61_000);
      case 1 -> random.nextLong(2 * 3_600_000L);
      case 2 -> random.nextLong(86_400_001L);
      case 3 -> random.nextLong(3 * 86_400_000L);
      case 4 -> 60_000; // the edges of windows and of the lateness
      case 5 -> 86_400_000L;
      default -> 0;
    };
  }

  private static int skewed(SplittableRandom random, int below) {
    return random.nextInt(random.nextInt(below) + 1);
  }
}
