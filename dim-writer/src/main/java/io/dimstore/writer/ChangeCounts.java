// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.records.ChangeReason;
import io.dimstore.jobs.run.JobCounters;
import io.dimstore.jobs.sql.Dimension;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.MetricGroup;

/**
 * The counts of the records of one dimension's topic, by outcome: {@code read = upserts + deletes
 * +} the sum of {@code deadLetters}.
 *
 * @param read records read
 * @param upserts upserts handed to the store, superseded ones included
 * @param deletes deletes handed to the store, superseded ones included
 * @param deadLetters records that are not valid changes, by reason; reasons that did not occur are
 *     left out
 */
public record ChangeCounts(long read, long upserts, long deletes, Map<String, Long> deadLetters)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  static final String READ = "read";
  static final String UPSERTS = "upserts";
  static final String DELETES = "deletes";

  /** Copies the map. */
  public ChangeCounts {
    deadLetters = Map.copyOf(deadLetters);
  }

  /** Returns the number of records that are not valid changes. */
  public long deadLetterTotal() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Creates the counters of a parser: one for each name above and for each reason. */
  static JobCounters counters(RuntimeContext context, Dimension dimension) {
    JobCounters counters = new JobCounters(context, prefix(dimension));
    MetricGroup metrics = context.getMetricGroup().addGroup("dimension", dimension.name());
    List.of(READ, UPSERTS, DELETES).forEach(name -> counters.declare(name, metrics));
    MetricGroup letters = metrics.addGroup("deadLetters");
    for (ChangeReason reason : ChangeReason.values()) {
      counters.declare(reason.code(), letters);
    }
    return counters;
  }

  private static String prefix(Dimension dimension) {
    return "dim-writer." + dimension.name();
  }

  static ChangeCounts of(Dimension dimension, Map<String, ?> accumulators) {
    Map<String, Long> deadLetters = new TreeMap<>();
    for (ChangeReason reason : ChangeReason.values()) {
      long count = count(dimension, reason.code(), accumulators);
      if (count > 0) {
        deadLetters.put(reason.code(), count);
      }
    }
    return new ChangeCounts(
        count(dimension, READ, accumulators),
        count(dimension, UPSERTS, accumulators),
        count(dimension, DELETES, accumulators),
        deadLetters);
  }

  private static long count(Dimension dimension, String what, Map<String, ?> accumulators) {
    return JobCounters.count(prefix(dimension), what, accumulators);
  }
}
