// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One line of the matrix file: a set of cells, and either the tests of these cells or the reason
 * why there are none.
 *
 * @param line the number of the line in the file
 */
record Entry(
    int line,
    Set<String> servers,
    Set<String> faults,
    Set<String> operations,
    Set<String> loads,
    Kind kind,
    String text) {

  /** Whether a line has tests or a reason. */
  enum Kind {
    /** The text is names of tests, separated by commas. */
    TEST,
    /** There is no test; the text is the reason. */
    NONE;

    static Kind parse(int line, String text) {
      for (Kind kind : values()) {
        if (kind.name().equalsIgnoreCase(text)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "Line %d: kind '%s' is unknown: write test or none".formatted(line, text));
    }
  }

  static Entry parse(int line, String text) {
    String[] fields = text.split(";", -1);
    if (fields.length != 6) {
      throw new IllegalArgumentException(
          "Line %d has %d fields instead of 6: server; fault; operation; load; kind; text"
              .formatted(line, fields.length));
    }
    return new Entry(
        line,
        names(line, fields[0], Cell.SERVERS),
        names(line, fields[1], Cell.FAULTS),
        names(line, fields[2], Cell.OPERATIONS),
        names(line, fields[3], Cell.LOADS),
        Kind.parse(line, fields[4].strip()),
        fields[5].strip());
  }

  /** Parses a list of names, ranges such as {@code down..slow}, or {@code *} for all names. */
  private static Set<String> names(int line, String field, List<String> known) {
    List<String> names = new ArrayList<>();
    for (String each : field.split(",")) {
      String[] ends = each.strip().split("\\.\\.");
      if (ends[0].equals("*")) {
        names.addAll(known);
      } else {
        int first = known.indexOf(ends[0]);
        int last = known.indexOf(ends[ends.length - 1]);
        if (first < 0 || last < first) {
          throw new IllegalArgumentException(
              "Line %d: '%s' is none of %s".formatted(line, each.strip(), known));
        }
        names.addAll(known.subList(first, last + 1));
      }
    }
    return Set.copyOf(names);
  }

  boolean covers(Cell cell) {
    return servers.contains(cell.server())
        && faults.contains(cell.fault())
        && operations.contains(cell.operation())
        && loads.contains(cell.load());
  }

  /** Returns the named tests; empty if the line has a reason. */
  List<String> tests() {
    return kind == Kind.TEST ? List.of(text.split("\\s*,\\s*")) : List.of();
  }
}
