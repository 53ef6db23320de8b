// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fault matrix: for each cell the first line of the file that covers it.
 *
 * @param blank cells that no line covers
 * @param idle lines without a cell: they cover no cell, or only cells of earlier lines
 */
record FaultMatrix(Map<Cell, Entry> cells, List<Cell> blank, List<Entry> idle) {

  static FaultMatrix read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        entries.add(Entry.parse(i + 1, line));
      }
    }
    return of(entries);
  }

  static FaultMatrix of(List<Entry> entries) {
    Map<Cell, Entry> cells = new LinkedHashMap<>();
    List<Cell> blank = new ArrayList<>();
    for (Cell cell : Cell.all()) {
      entries.stream()
          .filter(entry -> entry.covers(cell))
          .findFirst()
          .ifPresentOrElse(entry -> cells.put(cell, entry), () -> blank.add(cell));
    }
    List<Entry> idle = new ArrayList<>(entries);
    idle.removeAll(cells.values());
    return new FaultMatrix(cells, blank, idle);
  }

  long count(Entry.Kind kind) {
    return cells.values().stream().filter(entry -> entry.kind() == kind).count();
  }

  /** Returns the tests of all cells, each once. */
  List<String> tests() {
    return cells.values().stream().flatMap(entry -> entry.tests().stream()).distinct().toList();
  }
}
