// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a misspelt name probably means. */
public final class NearestName {

  private NearestName() {}

  /**
   * Returns the name with the smallest edit distance to the given one. Returns null if every
   * distance is more than two edits and more than a third of the given name's length. The first
   * part of a name, as in {@code hbase} for {@code hbase-redis}, counts as one edit away.
   */
  public static @Nullable String of(String given, Collection<String> names) {
    String nearest = null;
    int best = Math.max(2, given.length() / 3) + 1;
    for (String name : names) {
      int distance = name.startsWith(given + "-") ? 1 : distance(given, name);
      if (distance < best) {
        best = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
