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
 *
 * <p>If {@code to} is down for good, {@link #takeOver} makes the copy count alone.
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
   * Reads the mode for a change of it: from both sides, both of which must answer. If {@code from}
   * has taken over and {@code to} does not know it yet, it is the mode of the take-over, with the
   * number of the record in {@code to}, so that {@link #change} from it brings the record up to
   * date.
   */
  public CompletionStage<KnownMode> current() {
    return from == null
        ? read()
        : read()
            .thenCombine(
                readCopy(),
                (record, copy) ->
                    copy.takeOvers() > record.takeOvers() ? copy.at(record.change()) : record);
  }

  /**
   * Changes the mode, and completes when both sides have it. A call that fails with a kind that may
   * be retried may have changed the record; call {@link #current}, then this again. A change to the
   * same mode changes only the number: what was read before can no longer be changed from.
   *
   * @param expected what {@link #current} returned
   * @return false if the record was changed meanwhile, or {@code from} has taken over
   * @throws StoreException INVALID, from the stage, if processes that use the old mode and
   *     processes that use the new one must not run at the same time
   */
  public CompletionStage<Boolean> change(KnownMode expected, MirrorMode next) {
    String problem = next.problemAfter(expected.mode());
    if (problem != null) {
      return CompletableFuture.failedFuture(StoreException.invalid(problem));
    }
    KnownMode changed = new KnownMode(expected.takeOvers(), expected.change() + 1, next);
    // The copy of the expected mode comes first: a process may still know the one before it.
    return isPublished(expected)
        .thenCompose(
            ready ->
                ready
                    ? to.replace(name, expected.change(), changed.record())
                    : CompletableFuture.completedFuture(false))
        .thenCompose(
            done -> done ? isPublished(changed) : CompletableFuture.completedFuture(false));
  }

  /** Brings the copy up to date. Repeating this has no further effect. */
  public CompletionStage<Void> publish(KnownMode known) {
    return isPublished(known).thenAccept(done -> {});
  }

  /** Brings the copy up to date; returns whether {@code from} has not taken over since. */
  private CompletionStage<Boolean> isPublished(KnownMode known) {
    SharedRecords copies = from;
    if (copies == null || (known.change() == 0 && known.takeOvers() == 0)) {
      return CompletableFuture.completedFuture(true);
    }
    return copies
        .read(name)
        .thenCompose(
            found -> {
              KnownMode copy = KnownMode.ofCopy(found);
              if (!known.isNewerThan(copy)) {
                return CompletableFuture.completedFuture(copy.takeOvers() == known.takeOvers());
              }
              return copies
                  .replace(name, revision(found), known.copy())
                  .thenCompose(
                      done -> done ? CompletableFuture.completedFuture(true) : isPublished(known));
            });
  }

  /**
   * Lets {@code from} decide alone, without {@code to}: for the case that {@code to} is down for
   * good. From then on the copy counts, whatever the record in {@code to} says. A process that
   * reaches {@code to} and not {@code from} does not learn that, so {@code to} must be unreachable.
   * As after each change, no process acts on the old mode after {@code mode.validity} plus {@code
   * deadline}.
   *
   * @return the mode before, or empty if another process changed it meanwhile
   * @throws StoreException INVALID, from the stage, if {@code from} decides alone already, or is
   *     not written any more and so lacks rows
   */
  public CompletionStage<Optional<KnownMode>> takeOver() {
    SharedRecords copies = from;
    if (copies == null) {
      return CompletableFuture.failedFuture(
          StoreException.invalid(
              "The old store keeps no shared records, so that jobs cannot be told by it. Restart"
                  + " them with the old store in place of the mirror"));
    }
    return copies
        .read(name)
        .thenCompose(
            found -> {
              KnownMode before = KnownMode.ofCopy(found);
              MirrorMode mode = before.mode();
              if (!mode.isMirrored()) {
                throw StoreException.invalid(
                    mode.primary() == MirrorMode.Side.FROM
                        ? "The old store decides alone already"
                        : "The old store is no longer written, so it lacks rows");
              }
              KnownMode next = new KnownMode(before.takeOvers() + 1, 0, MirrorMode.BEFORE);
              return copies
                  .replace(name, revision(found), next.copy())
                  .thenApply(done -> done ? Optional.of(before) : Optional.empty());
            });
  }

  private static long revision(Optional<SharedRecord> found) {
    return found.map(SharedRecord::revision).orElse(0L);
  }
}
