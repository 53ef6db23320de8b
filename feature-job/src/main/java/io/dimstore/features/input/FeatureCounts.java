// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.run.JobCounters;
import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of a job: {@code read = events +} the sum of {@code deadLetters}. A record that is
 * read again after a restart counts once. There is one exception: if a subtask of a bounded source
 * had ended before the restart, the counts of that subtask are lost. Its rows are not lost.
 *
 * @param read records read
 * @param events events, each of which yields one row of each result
 * @param deadLetters records that are not events, by reason; reasons that did not occur are left
 *     out
 */
public record FeatureCounts(long read, long events, Map<String, Long> deadLetters) {

  /** Comes before the names of all accumulators of the job. */
  static final String PREFIX = "feature-job";

  static final String READ = "read";
  public static final String EVENTS = "events";

  /** Copies the map. */
  public FeatureCounts {
    deadLetters = Map.copyOf(deadLetters);
  }

  public static FeatureCounts of(Map<String, ?> accumulators) {
    Map<String, Long> deadLetters = new TreeMap<>();
    for (DeadLetterReason reason : DeadLetterReason.values()) {
      long count = JobCounters.count(PREFIX, reason.code(), accumulators);
      if (count > 0) {
        deadLetters.put(reason.code(), count);
      }
    }
    return new FeatureCounts(
        JobCounters.count(PREFIX, READ, accumulators),
        JobCounters.count(PREFIX, EVENTS, accumulators),
        deadLetters);
  }

  /** Returns the number of records that are not events. */
  public long deadLetterTotal() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the counts as a table for people, with a line for each reason of dead letters. */
  public String table(String topic) {
    StringBuilder table = new StringBuilder();
    Formatter lines = new Formatter(table, Locale.ROOT);
    lines.format("%-12s%14s%14s%14s%n", "topic", "read", "events", "dead");
    lines.format("%-12s%,14d%,14d%,14d%n", topic, read, events, deadLetterTotal());
    new TreeMap<>(deadLetters)
        .forEach((reason, count) -> lines.format("dead letters: %,d %s%n", count, reason));
    return table.toString();
  }
}
