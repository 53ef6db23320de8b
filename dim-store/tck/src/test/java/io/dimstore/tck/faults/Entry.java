package io.dimstore.tck.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One line of the data: which cells it is about and what it says of them.
 *
 * @param line its number in the file
 */
record Entry(
    int line,
    Set<String> servers,
    Set<String> faults,
    Set<String> operations,
    Set<String> loads,
    Kind kind,
    String text) {

  /** What a line says of its cells. */
  enum Kind {
    /** The text names tests, separated by commas. */
    TEST,
    /** The combination cannot occur, and the text says why. */
    NONE,
    /** There is no test, and the text says what is known. */
    MISSING
  }

  static Entry parse(int line, String text) {
    String[] fields = text.split(";", -1);
    if (fields.length != 6) {
      throw new IllegalArgumentException(
          "Line %d has %d fields in place of server; fault; operation; load; kind; text"
              .formatted(line, fields.length));
    }
    return new Entry(
        line,
        names(line, fields[0], Cell.SERVERS),
        names(line, fields[1], Cell.FAULTS),
        names(line, fields[2], Cell.OPERATIONS),
        names(line, fields[3], Cell.LOADS),
        Kind.valueOf(fields[4].strip().toUpperCase(java.util.Locale.ROOT)),
        fields[5].strip());
  }

  /** All for a star, single names, and ranges from one name to another in the declared order. */
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

  /** The tests that are named. */
  List<String> tests() {
    return kind == Kind.TEST ? List.of(text.split("\\s*,\\s*")) : List.of();
  }
}
