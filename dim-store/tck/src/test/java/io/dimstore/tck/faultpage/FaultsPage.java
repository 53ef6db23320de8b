// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Renders the matrix as tables with a row for each fault and a column for each operation. */
final class FaultsPage {

  private final FaultMatrix matrix;
  private final List<String> tests;

  FaultsPage(FaultMatrix matrix) {
    this.matrix = matrix;
    this.tests = matrix.tests();
  }

  /** Returns the template with the counts, the matrix and the list of tests filled in. */
  String render(String template) {
    return template
        .replace("{cells}", Integer.toString(matrix.cells().size()))
        .replace("{tested}", Long.toString(matrix.count(Entry.Kind.TEST)))
        .replace("{none}", Long.toString(matrix.count(Entry.Kind.NONE)))
        .replace("{matrix}\n", tables())
        .replace("{tests}\n", list());
  }

  private String list() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tests.size(); i++) {
      text.append(i + 1).append(". `").append(tests.get(i)).append("`\n");
    }
    return text.toString();
  }

  private String tables() {
    StringBuilder text = new StringBuilder();
    for (String server : Cell.SERVERS) {
      text.append("### ").append(server).append("\n\n");
      text.append("| fault | ").append(String.join(" | ", Cell.OPERATIONS)).append(" |\n|");
      text.append(" --- |".repeat(Cell.OPERATIONS.size() + 1)).append('\n');
      Map<String, List<String>> notes = new LinkedHashMap<>();
      for (String fault : Cell.FAULTS) {
        row(text, server, fault, notes);
      }
      text.append('\n');
      notes.forEach(
          (note, where) ->
              wrap(
                  text,
                  where.stream().distinct().collect(Collectors.joining(", ", "No test of ", ": "))
                      + note));
      text.append('\n');
    }
    return text.toString();
  }

  private void row(
      StringBuilder text, String server, String fault, Map<String, List<String>> notes) {
    List<String> row = new ArrayList<>();
    boolean occurs = false;
    for (String operation : Cell.OPERATIONS) {
      Entry idle = entry(server, fault, operation, "idle");
      Entry busy = entry(server, fault, operation, "busy");
      occurs |= idle.kind() != Entry.Kind.NONE || busy.kind() != Entry.Kind.NONE;
      String one = symbol(idle);
      String other = symbol(busy);
      row.add(one.equals(other) ? one : "idle " + one + ", busy " + other);
      note(idle, fault, operation, notes);
      note(busy, fault, operation, notes);
    }
    if (occurs) {
      text.append("| ").append(fault).append(" | ").append(String.join(" | ", row)).append(" |\n");
    }
  }

  private static void note(
      Entry entry, String fault, String operation, Map<String, List<String>> notes) {
    if (entry.kind() != Entry.Kind.TEST) {
      notes
          .computeIfAbsent(entry.text(), same -> new ArrayList<>())
          .add(entry.operations().size() == Cell.OPERATIONS.size() ? fault : operation);
    }
  }

  private Entry entry(String server, String fault, String operation, String load) {
    Entry entry = matrix.cells().get(new Cell(server, fault, operation, load));
    if (entry == null) {
      throw new IllegalStateException(
          "No line covers the cell: " + server + ", " + fault + ", " + operation);
    }
    return entry;
  }

  private String symbol(Entry entry) {
    return switch (entry.kind()) {
      case TEST ->
          entry.tests().stream()
              .map(test -> Integer.toString(tests.indexOf(test) + 1))
              .collect(Collectors.joining(" "));
      case NONE -> "–";
    };
  }

  /** Appends a list item, wrapped at 120 columns. */
  private static void wrap(StringBuilder text, String item) {
    int column = 1;
    text.append('-');
    for (String word : item.split(" ")) {
      if (column + 1 + word.length() > 120) {
        text.append("\n ");
        column = 1;
      }
      text.append(' ').append(word);
      column += 1 + word.length();
    }
    text.append('\n');
  }
}
