// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The keys of a table. Cold ones are written before the migration only, so a backfill has to copy
 * them. Dimstore alone writes some, a plain client of HBase alone others, and both the mixed ones.
 */
final class Keys {

  static final List<String> COLD = named("c", 90);
  static final List<String> DIMSTORE = named("d", 40);

  /** Written by dimstore so seldom that a lost change is not soon hidden by the next one. */
  static final List<String> RARE = named("r", 80);

  static final List<String> MIXED = named("m", 15);
  static final List<String> PLAIN = named("h", 25);

  private Keys() {}

  private static List<String> named(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  static List<String> both(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }

  /**
   * Returns a version for the next change: a time in milliseconds that only this kind of writer
   * uses. So no two writers use a version of a key, and none is one above another one's.
   */
  static long version(long newest, boolean plain) {
    long now = System.currentTimeMillis() & ~3L;
    return Math.max(now, (newest & ~3L) + 4) + (plain ? 2 : 0);
  }
}
