// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of one split in the ledger.
 *
 * @param format {@link RangeLedger#FORMAT}
 * @param split the split's number, from 0
 * @param token the part of the split that is not copied yet; null when all of it is
 * @param rows the rows that were copied
 * @param tombstones the tombstones and expired rows that were copied
 * @param unreadable the rows that the source cannot decode, and that were not copied
 * @param refused the rows that the target cannot hold, and that were not copied
 * @param problems the first of these rows
 * @param owner the worker that copies the split, or null
 * @param savedAtMillis when the record was written, by the clock of its writer; for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SplitProgress(
    String format,
    int split,
    @Nullable String token,
    long rows,
    long tombstones,
    long unreadable,
    long refused,
    List<Problem> problems,
    @Nullable String owner,
    long savedAtMillis) {

  /** The most rows that a record names. */
  static final int MAX_PROBLEMS = 20;

  /**
   * A row that was not copied.
   *
   * @param key the row's key, or null if it cannot be decoded either
   * @param reason what is wrong with it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Problem(@Nullable String key, String reason) {

    /** The most characters of a reason, so that a record stays small. */
    private static final int MAX_REASON = 500;

    /** Shortens the reason. */
    public Problem {
      reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
    }
  }

  /** Copies the list. */
  public SplitProgress {
    problems = List.copyOf(problems);
  }

  static SplitProgress planned(int split, String token, long nowMillis) {
    return new SplitProgress(
        RangeLedger.FORMAT, split, token, 0, 0, 0, 0, List.of(), null, nowMillis);
  }

  /** Returns whether all of the split is copied. */
  @com.fasterxml.jackson.annotation.JsonIgnore
  public boolean isDone() {
    return token == null;
  }

  SplitProgress ownedBy(@Nullable String worker, long nowMillis) {
    return new SplitProgress(
        format, split, token, rows, tombstones, unreadable, refused, problems, worker, nowMillis);
  }

  /** Returns the progress after a page. */
  SplitProgress after(PageResult page, @Nullable String rest) {
    List<Problem> all = new ArrayList<>(problems);
    for (Problem problem : page.problems()) {
      if (all.size() < MAX_PROBLEMS) {
        all.add(problem);
      }
    }
    return new SplitProgress(
        format,
        split,
        rest,
        rows + page.rows(),
        tombstones + page.tombstones(),
        unreadable + page.unreadable(),
        refused + page.refused(),
        all,
        owner,
        savedAtMillis);
  }

  /** What became of the entries of a page. */
  record PageResult(
      long rows, long tombstones, long unreadable, long refused, List<Problem> problems) {}
}
