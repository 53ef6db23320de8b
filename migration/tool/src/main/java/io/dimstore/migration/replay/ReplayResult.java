// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of a feature job on both stores, as they were checked.
 *
 * @param format {@link #FORMAT}
 * @param at when the job ended on the second store, or the older of two files was written
 * @param rows feature rows of the new store that were compared
 * @param differences rows that differ, or that only one of the two has
 * @param context what was read: files, hashes, versions
 * @param problems why the results are no evidence of equality, as text; empty if they are
 * @param isComparable whether the rows are those of both stores, so that the differences count
 */
public record ReplayResult(
    String format,
    Instant at,
    long rows,
    long differences,
    Map<String, String> context,
    List<String> problems,
    boolean isComparable) {

  /** Names the format. */
  public static final String FORMAT = "dimstore-replay/1";

  /** Copies the collections. */
  public ReplayResult {
    context = new TreeMap<>(context);
    problems = List.copyOf(problems);
  }

  /** Returns the evidence. */
  @JsonIgnore
  public Finding finding() {
    return new Finding(at, new Evidence.Replay(rows, differences), context);
  }

  /** Returns the figures for people. */
  @JsonIgnore
  public String text() {
    return rows
        + " feature rows are equal on both stores, from "
        + context.getOrDefault("source", "files");
  }
}
