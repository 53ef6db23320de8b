// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.records.ChangeReason;
import io.dimstore.jobs.sql.Dimension;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of the records of one dimension's topic, by outcome: {@code read = upserts + deletes
 * +} the sum of {@code deadLetters}.
 *
 * @param read records read
 * @param upserts upserts handed to the store, superseded ones included
 * @param deletes deletes handed to the store, superseded ones included
 * @param deadLetters records that are not valid changes, by reason; without reasons that did not
 *     occur
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

  /**
   * Returns the name of a dimension's accumulator.
   *
   * @param what one of the names above, or the code of a reason
   */
  static String accumulator(Dimension dimension, String what) {
    return "dim-writer." + dimension.name() + "." + what;
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
    Object value = accumulators.get(accumulator(dimension, what));
    return value instanceof Long count ? count : 0;
  }
}
