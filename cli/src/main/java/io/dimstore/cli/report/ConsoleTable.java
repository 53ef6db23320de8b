// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.report;

import java.util.ArrayList;
import java.util.List;

/** Formats a plain-text table: the first column is left-aligned, the others right-aligned. */
public final class ConsoleTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row. The first row is the header. */
  public ConsoleTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Returns the table as lines of text, with a rule below the header. */
  public String render() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(r).get(i);
        String pad = " ".repeat(widths[i] - cell.length());
        out.append(i == 0 ? cell + pad : "  " + pad + cell);
      }
      out.append('\n');
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          out.append(i == 0 ? "" : "  ").append("-".repeat(widths[i]));
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}
