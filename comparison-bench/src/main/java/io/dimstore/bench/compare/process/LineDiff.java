// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import java.util.ArrayList;
import java.util.List;

/** Computes the lines in which two texts differ, by their longest common subsequence. */
final class LineDiff {

  private LineDiff() {}

  /**
   * Returns the differing lines in text order. {@code - } marks lines that only the first text has,
   * {@code + } lines that only the second has.
   */
  static List<String> of(String first, String second) {
    List<String> a = first.lines().toList();
    List<String> b = second.lines().toList();
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + a.get(i++));
      } else {
        lines.add("+ " + b.get(j++));
      }
    }
    return lines;
  }
}
