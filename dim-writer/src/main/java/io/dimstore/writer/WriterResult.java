package io.dimstore.writer;

import java.io.Serializable;
import java.time.Duration;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a job did. Records that were read again because of a restart count once, unless the restart
 * came when a part of a bounded source had ended already: the counts of that part are lost with it,
 * the rows are not.
 *
 * @param dimensions the counts by the dimension's name
 * @param elapsed how long the job took; zero while it runs
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

  /** How many records were read in all. */
  public long read() {
    return dimensions.values().stream().mapToLong(ChangeCounts::read).sum();
  }

  /** A table for people, with a line for each reason of dead letters. */
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
