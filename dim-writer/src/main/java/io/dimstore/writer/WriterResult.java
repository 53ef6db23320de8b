// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.sql.Dimension;
import java.io.Serializable;
import java.time.Duration;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of a job. A record that is read again after a restart counts once. There is one
 * exception: if a subtask of a bounded source had ended before the restart, the counts of that
 * subtask are lost. Its rows are not lost.
 *
 * @param dimensions the counts by the dimension's name
 * @param elapsed the run time of the job; zero while it runs
 */
public record WriterResult(Map<String, ChangeCounts> dimensions, Duration elapsed)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  static WriterResult of(
      List<Dimension> dimensions, Map<String, ?> accumulators, Duration elapsed) {
    Map<String, ChangeCounts> counts = new LinkedHashMap<>();
    for (Dimension dimension : dimensions) {
      counts.put(dimension.name(), ChangeCounts.of(dimension, accumulators));
    }
    return new WriterResult(counts, elapsed);
  }

  /** Returns the number of records read, over all dimensions. */
  public long read() {
    return dimensions.values().stream().mapToLong(ChangeCounts::read).sum();
  }

  /** Returns the counts as a table for people, with a line for each reason of dead letters. */
  public String table() {
    StringBuilder table = new StringBuilder();
    Formatter lines = new Formatter(table, Locale.ROOT);
    lines.format("%-12s%14s%14s%14s%14s%n", "dimension", "read", "upserts", "deletes", "dead");
    dimensions.forEach(
        (name, counts) ->
            lines.format(
                "%-12s%,14d%,14d%,14d%,14d%n",
                name, counts.read(), counts.upserts(), counts.deletes(), counts.deadLetterTotal()));
    dimensions.forEach(
        (name, counts) ->
            new TreeMap<>(counts.deadLetters())
                .forEach(
                    (reason, count) ->
                        lines.format("dead letters of %s: %,d %s%n", name, count, reason)));
    return table.toString();
  }
}
