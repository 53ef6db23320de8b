// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.sql.Backlogs;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of the check of one table so far. Not thread-safe. */
final class CheckResult {

  private static final int EXAMPLES = 100;

  private final Map<Difference.Kind, Long> found = new EnumMap<>(Difference.Kind.class);
  private final Map<Difference.Kind, Long> healed = new EnumMap<>(Difference.Kind.class);
  private final List<Difference> examples = new ArrayList<>();
  private long read;
  private long examined;
  private long inStep;
  private long notCopied;
  private long changed;

  void add(CheckPage page) {
    read += page.read();
    examined += page.examined();
    inStep += page.inStep();
    notCopied += page.notCopied();
    changed += page.changed();
    for (Difference difference : page.differences()) {
      found.merge(difference.kind(), 1L, Long::sum);
      if (difference.healed()) {
        healed.merge(difference.kind(), 1L, Long::sum);
      }
      if (examples.size() < EXAMPLES) {
        examples.add(difference);
      }
    }
  }

  long read() {
    return read;
  }

  long examined() {
    return examined;
  }

  long inStep() {
    return inStep;
  }

  long notCopied() {
    return notCopied;
  }

  long changed() {
    return changed;
  }

  long found(Difference.Kind kind) {
    return found.getOrDefault(kind, 0L);
  }

  long healed(Difference.Kind kind) {
    return healed.getOrDefault(kind, 0L);
  }

  long differences() {
    return found.values().stream().mapToLong(Long::longValue).sum();
  }

  long healed() {
    return healed.values().stream().mapToLong(Long::longValue).sum();
  }

  long left() {
    return differences() - healed();
  }

  /** Returns the first differences, at most 100. */
  List<Difference> examples() {
    return List.copyOf(examples);
  }

  void print(String table, Backlog backlog, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d examined = %,d in step + %,d not copied + %,d different + %,d changed meanwhile%n",
        table,
        examined,
        inStep,
        notCopied,
        differences(),
        changed);
    for (Difference.Kind kind : Difference.Kind.values()) {
      if (found(kind) > 0) {
        out.printf(
            Locale.ROOT, "%s: %,d %s, %,d healed%n", table, found(kind), name(kind), healed(kind));
      }
    }
    examples.stream()
        .limit(10)
        .forEach(one -> out.println(table + ": " + name(one.kind()) + " " + one.key()));
    out.println(table + ": " + Backlogs.line(backlog));
  }

  static String name(Difference.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
