// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import java.util.Locale;

/**
 * Draws keys by popularity. The ranks are assigned to the keys in random order. Popular keys are
 * therefore not adjacent in key order. Adjacent keys would fall into one region of a store.
 */
final class KeyDraw {

  private final ZipfTable table;
  private final int[] numberOfRank;
  private final String pattern;

  KeyDraw(String prefix, int keys, double exponent, SplitMix64 random) {
    this.table = new ZipfTable(keys, exponent);
    this.numberOfRank = shuffled(keys, random);
    this.pattern = prefix + "%0" + Integer.toString(keys).length() + "d";
  }

  /** Draws a key and returns its number, from 0 to keys - 1. */
  int draw(SplitMix64 random) {
    return numberOfRank[table.rank(random.nextDouble())];
  }

  /** Returns the name of the key with this number. Numbers in names start at 1. */
  String name(int number) {
    return String.format(Locale.ROOT, pattern, number + 1);
  }

  /** Returns the number of the key with this rank. Rank 0 is the most popular. */
  int numberOfRank(int rank) {
    return numberOfRank[rank];
  }

  private static int[] shuffled(int size, SplitMix64 random) {
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.below(i + 1);
      numbers[i] = numbers[j];
      numbers[j] = i;
    }
    return numbers;
  }
}
