// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.RecordChecks;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes the mode of a table. The record is a shared record of {@code to}. If {@code
 * from} has shared records too, it gets a copy, so that a process that cannot reach {@code to}
 * still knows the mode. Thread-safe.
 *
 * <p>A change is complete when both are written. From then on every process that reads either of
 * them learns it. A process acts on a mode for at most {@code mode.validity} after it began to read
 * the record, and a write that it has begun ends after at most {@code deadline} more. So a tool
 * that changes the mode waits {@code mode.validity} plus {@code deadline}, of the job with the
 * largest values, before it relies on the change.
 */
public final class ModeRecords {

  private final SharedRecords to;
  private final @Nullable SharedRecords from;
  private final String name;

  /**
   * @param to the records of the side {@code to}
   * @param from the records of the side {@code from}, or null if it has none
   * @param table the table's name
   */
  public ModeRecords(SharedRecords to, @Nullable SharedRecords from, String table) {
    this.to = to;
    this.from = from;
    this.name = nameOf(table);
  }

  /** Returns the name of the record of a table's mode, in both sides. */
  public static String nameOf(String table) {
    return "mirror/" + RecordChecks.part(table) + "/mode";
  }

  /** Reads the mode from {@code to}. Fails CORRUPT if the record cannot be parsed. */
  public CompletionStage<KnownMode> read() {
    return to.read(name).thenApply(KnownMode::ofRecord);
  }

  /** Reads the copy of the mode from {@code from}; fails UNAVAILABLE if that has no records. */
  public CompletionStage<KnownMode> readCopy() {
    return from == null
        ? CompletableFuture.failedFuture(
            new StoreException(
                StoreException.Kind.UNAVAILABLE, "Side 'from' keeps no shared records"))
        : from.read(name).thenApply(KnownMode::ofCopy);
  }

  /**
   * Changes the mode, and completes when both sides have it. A call that fails with a kind that may
   * be retried may have changed the record; call {@link #read}, then {@link #publish} or this
   * again.
   *
   * @param expected what {@link #read} returned
   * @return false if the record was changed meanwhile
   * @throws StoreException INVALID, from the stage, if processes that use the old mode and
   *     processes that use the new one must not run at the same time
   */
  public CompletionStage<Boolean> change(KnownMode expected, MirrorMode next) {
    String problem = next.problemAfter(expected.mode());
    if (problem != null) {
      return CompletableFuture.failedFuture(StoreException.invalid(problem));
    }
    // The copy of the expected mode comes first: a process may still know the one before it.
    return publish(expected)
        .thenCompose(ready -> to.replace(name, expected.change(), next.format()))
        .thenCompose(
            changed ->
                changed
                    ? publish(new KnownMode(expected.change() + 1, next)).thenApply(done -> true)
                    : CompletableFuture.completedFuture(false));
  }

  /** Brings the copy up to date. Repeating this has no further effect. */
  public CompletionStage<Void> publish(KnownMode known) {
    SharedRecords copies = from;
    if (copies == null || known.change() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    return copies
        .read(name)
        .thenCompose(
            found ->
                KnownMode.ofCopy(found).change() >= known.change()
                    ? CompletableFuture.<@Nullable Void>completedFuture(null)
                    : copies
                        .replace(name, revision(found), known.copy())
                        .thenCompose(
                            done ->
                                done
                                    ? CompletableFuture.<@Nullable Void>completedFuture(null)
                                    : publish(known)))
        .thenAccept(done -> {});
  }

  private static long revision(Optional<SharedRecord> found) {
    return found.map(SharedRecord::revision).orElse(0L);
  }
}
