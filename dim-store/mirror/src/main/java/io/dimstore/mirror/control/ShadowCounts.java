// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.support.RecordChecks;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What shadow reads found. Each process replaces a record of its own with its sums, so that nothing
 * is counted twice; {@code read} adds up the records of a series.
 *
 * @param compared keys that were compared to an end: equal ones, mismatches and those in flight
 * @param equal keys that were equal, at first or when compared again
 * @param inFlight keys that were being written each time they were compared
 * @param mismatched keys that differed although no one wrote them, by class
 * @param dropped keys that were not compared because the queue was full
 * @param failed keys that were not compared because a read failed
 * @param sinceMillis when the first of these was counted, in epoch milliseconds; 0 without counts
 * @param untilMillis when the last of these was counted, in epoch milliseconds
 */
public record ShadowCounts(
    long compared,
    long equal,
    long inFlight,
    Map<Difference.Kind, Long> mismatched,
    long dropped,
    long failed,
    long sinceMillis,
    long untilMillis) {

  /** No counts. */
  public static final ShadowCounts NONE = new ShadowCounts(0, 0, 0, Map.of(), 0, 0, 0, 0);

  private static final int PAGE = 100;

  /** Copies the map. */
  public ShadowCounts {
    mismatched = Map.copyOf(mismatched);
  }

  /** Returns the number of mismatches of all classes. */
  public long mismatches() {
    return mismatched.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the sums of both. */
  public ShadowCounts plus(ShadowCounts another) {
    Map<Difference.Kind, Long> both = new EnumMap<>(Difference.Kind.class);
    both.putAll(mismatched);
    another.mismatched.forEach((kind, keys) -> both.merge(kind, keys, Long::sum));
    return new ShadowCounts(
        compared + another.compared,
        equal + another.equal,
        inFlight + another.inFlight,
        both,
        dropped + another.dropped,
        failed + another.failed,
        sinceMillis == 0 || (another.sinceMillis != 0 && another.sinceMillis < sinceMillis)
            ? another.sinceMillis
            : sinceMillis,
        Math.max(untilMillis, another.untilMillis));
  }

  /** Returns the prefix of the names of a series' records. */
  public static String prefix(String table, String series) {
    return "mirror/" + RecordChecks.part(table) + "/shadow/" + series + "/";
  }

  /** Reads the sums of a series over all processes and all time. */
  public static CompletionStage<ShadowCounts> read(
      SharedRecords records, String table, String series) {
    return read(records, table, series, 0);
  }

  /**
   * Reads the sums of a series over all processes, those that have ended included, without counts
   * that are older or may be.
   *
   * @param notBeforeMillis in epoch milliseconds; compared with the clocks of the processes
   */
  public static CompletionStage<ShadowCounts> read(
      SharedRecords records, String table, String series, long notBeforeMillis) {
    return read(records, prefix(table, series), "", notBeforeMillis, NONE);
  }

  private static CompletionStage<ShadowCounts> read(
      SharedRecords records,
      String prefix,
      String after,
      long notBeforeMillis,
      ShadowCounts soFar) {
    return records
        .list(prefix, after, PAGE)
        .thenCompose(
            page -> {
              ShadowCounts sums = soFar.plus(sumOf(page, notBeforeMillis));
              String next = page.next();
              return next == null
                  ? CompletableFuture.completedFuture(sums)
                  : read(records, prefix, next, notBeforeMillis, sums);
            });
  }

  private static ShadowCounts sumOf(SharedRecordPage page, long notBeforeMillis) {
    ShadowCounts sums = NONE;
    for (SharedRecord record : page.records()) {
      sums = sums.plus(ShadowWindows.parse(record.content()).since(notBeforeMillis));
    }
    return sums;
  }

  /** Returns the mismatches of one class. */
  public long mismatchesOf(Difference.Kind kind) {
    @Nullable Long keys = mismatched.get(kind);
    return keys == null ? 0 : keys;
  }
}
