// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.internal.IntentCodec.Pending;
import io.dimstore.mirror.internal.IntentLog.Entry;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the current rows and tombstones of the keys of intents from the side that keeps the
 * intents, the source, to the other one, the target, and removes the intents. Thread-safe; several
 * processes may do so at once.
 *
 * <p>The order of the steps makes this safe against writers of the same keys:
 *
 * <ol>
 *   <li>List the intents. Intents that are stored later are not touched.
 *   <li>Read the keys in the source. A write stores its intent after the source has applied it, so
 *       what is read is at least as new as the listed intents. An answer that is older comes from a
 *       cache; its key is left for a later pass.
 *   <li>Write what was read to the target, with its version. A newer row there stays.
 *   <li>Read the source again. If a row is another one now, its key is left for a later pass: a
 *       write of equal version may have reached the target before the copy did, and the copy would
 *       have undone it.
 *   <li>Remove the listed intents whose keys are all reconciled.
 * </ol>
 *
 * <p>What is copied depends on which side is the primary, because intents may be left from before
 * it changed:
 *
 * <table>
 * <caption>What the target gets</caption>
 * <tr><th>the source has</th><th>the source is the primary</th><th>the target is</th></tr>
 * <tr><td>the pending version or a newer one</td><td>that</td><td>that, if it is newer than what
 *     the target has: of equal versions the primary's stands</td></tr>
 * <tr><td>nothing</td><td>a tombstone, if the target has the pending version or an older one</td>
 *     <td>nothing: only the primary's absence means that a row is deleted</td></tr>
 * <tr><td>an older version</td><td colspan="2">nothing yet: the intent stays</td></tr>
 * </table>
 */
final class IntentReconciler {

  /**
   * When the answers of a source are believed.
   *
   * @param absentAfter how old a pending put must be before the absence of its row is believed, if
   *     a cache may answer
   * @param unknownAfter for how long this process must have seen the intent of a write that failed
   *     in the source, so that no attempt of it arrives later. The age by the writer's clock would
   *     not do: that clock may be a minute late
   * @param retention how long the target remembers a delete. An older intent brings no row to a
   *     primary that has none, since it may have been deleted there
   * @param pause how long after a read its result may be written: while a process is paused, a row
   *     may be deleted and its tombstone forgotten
   */
  record Limits(Duration absentAfter, Duration unknownAfter, Duration retention, Duration pause) {}

  private final IntentLog log;
  private final DimensionTable target;
  private final StoredRows sourceRows;
  private final StoredRows targetRows;
  private final Supplier<CompletionStage<Boolean>> sourceDecides;
  private final Limits limits;
  private final LongSupplier nanoTime;

  /**
   * @param log the intents of the source
   * @param all all value columns
   * @param sourceDecides tells whether the source is the primary; fails if that is not known
   */
  IntentReconciler(
      IntentLog log,
      DimensionTable source,
      DimensionTable target,
      Projection all,
      Supplier<CompletionStage<Boolean>> sourceDecides,
      Limits limits,
      LongSupplier nanoTime) {
    this.log = log;
    this.target = target;
    this.sourceRows = new StoredRows(source, all);
    this.targetRows = new StoredRows(target, all);
    this.sourceDecides = sourceDecides;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /**
   * Reconciles some intents.
   *
   * @return keys examined, keys copied, and whether there may be intents that were not examined
   */
  CompletionStage<Repair> reconcile(int maxKeys) {
    return log.list(maxKeys)
        .thenCompose(
            entries ->
                entries.isEmpty()
                    ? CompletableFuture.completedFuture(new Repair(0, 0, false))
                    : sourceDecides
                        .get()
                        .thenCompose(decides -> reconcile(new Pass(entries, decides), maxKeys)));
  }

  private CompletionStage<Repair> reconcile(Pass pass, int maxKeys) {
    List<Key> keys = List.copyOf(pass.keys.keySet());
    return read(sourceRows, keys, pass)
        .thenCompose(
            held ->
                read(targetRows, pass.keysToCompare(held), pass)
                    .thenCompose(there -> requireSame(pass).thenApply(same -> there))
                    .thenCompose(there -> copy(pass.copies(held, there), pass))
                    .thenCompose(done -> again(held, pass)))
        .thenCompose(
            rows -> {
              rows.changed().forEach(pass::leave);
              return remove(pass);
            })
        .thenApply(
            removed -> {
              int listed = pass.entries.stream().mapToInt(Entry::keys).sum();
              return new Repair(keys.size(), pass.copied, listed >= maxKeys);
            });
  }

  /** Reads the keys that are not left; leaves those whose rows cannot be decoded. */
  private CompletionStage<Map<Key, @Nullable Change>> read(
      StoredRows rows, List<Key> keys, Pass pass) {
    List<Key> readable = keys.stream().filter(key -> !pass.isLeft(key)).toList();
    if (readable.isEmpty()) {
      return CompletableFuture.completedFuture(new LinkedHashMap<>());
    }
    return rows.read(readable)
        .exceptionallyCompose(
            failure ->
                pass.leaveBlamed(failure)
                    ? read(rows, keys, pass)
                    : CompletableFuture.failedFuture(failure));
  }

  /** Fails if what was read may no longer be written. The intents stay for a later pass. */
  private CompletionStage<@Nullable Void> requireSame(Pass pass) {
    return sourceDecides
        .get()
        .thenApply(
            decides -> {
              if (decides != pass.decides) {
                throw new StoreException(
                    Kind.UNAVAILABLE, "The primary changed while pending writes were read");
              }
              if (nanoTime.getAsLong() - pass.beginNanos > limits.pause().toNanos()) {
                throw new StoreException(
                    Kind.UNAVAILABLE, "The rows of pending writes were read too long ago");
              }
              return null;
            });
  }

  /** Writes to the target; leaves keys that it refuses. */
  private CompletionStage<@Nullable Void> copy(List<Change> changes, Pass pass) {
    List<Change> accepted = changes.stream().filter(each -> !pass.isLeft(each.key())).toList();
    if (accepted.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return target
        .write(accepted)
        .<@Nullable Void>thenApply(
            done -> {
              pass.copied = accepted.size();
              return null;
            })
        .exceptionallyCompose(
            failure ->
                pass.leaveBlamed(failure)
                    ? copy(changes, pass)
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<Rows> again(Map<Key, @Nullable Change> before, Pass pass) {
    return read(sourceRows, List.copyOf(before.keySet()), pass)
        .thenApply(after -> new Rows(before, after));
  }

  /** Rows as they were read before and after they were copied. */
  private record Rows(Map<Key, @Nullable Change> before, Map<Key, @Nullable Change> after) {

    List<Key> changed() {
      List<Key> changed = new ArrayList<>();
      before.forEach(
          (key, row) -> {
            if (!Objects.equals(row, after.get(key))) {
              changed.add(key);
            }
          });
      return changed;
    }
  }

  /**
   * Removes the intents whose keys are all reconciled. An intent with keys that the target refuses
   * is replaced by one that has only these, so that the others are not copied again and again.
   */
  private CompletionStage<@Nullable Void> remove(Pass pass) {
    List<Entry> reconciled = new ArrayList<>();
    List<CompletionStage<Void>> kept = new ArrayList<>();
    for (Entry entry : pass.entries) {
      List<Pending> left = entry.pending().stream().filter(p -> pass.isLeft(entry, p)).toList();
      if (left.isEmpty()) {
        reconciled.add(entry);
      } else if (left.size() < entry.pending().size()) {
        kept.add(log.add(left, entry.sinceMillis(), pass.reason));
        reconciled.add(entry);
      }
    }
    if (reconciled.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.allOf(
            kept.stream()
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new))
        .thenCompose(done -> log.remove(reconciled))
        .thenApply(done -> null);
  }

  /**
   * What is pending for one key.
   *
   * @param known the newest change that the source has applied, or null if none is known
   * @param firstMillis when the first intent was stored
   * @param lastMillis when the last intent was stored
   */
  private record PendingKey(@Nullable Pending known, long firstMillis, long lastMillis) {

    static PendingKey of(Pending pending, long sinceMillis) {
      return new PendingKey(pending.unknown() ? null : pending, sinceMillis, sinceMillis);
    }

    PendingKey and(PendingKey another) {
      Pending newest =
          known == null || another.known == null
              ? (known == null ? another.known : known)
              : known.newer(another.known);
      return new PendingKey(
          newest,
          Math.min(firstMillis, another.firstMillis),
          Math.max(lastMillis, another.lastMillis));
    }
  }

  /** The intents of one call, and what became of their keys. Used by one thread at a time. */
  private final class Pass {

    private final List<Entry> entries;
    private final boolean decides;
    private final long beginNanos = nanoTime.getAsLong();
    private final Map<Key, PendingKey> keys = new HashMap<>();
    private final Set<Key> left = new HashSet<>();
    private String reason = "";
    private int copied;

    Pass(List<Entry> entries, boolean decides) {
      this.entries = entries;
      this.decides = decides;
      for (Entry entry : entries) {
        for (Pending pending : entry.pending()) {
          keys.merge(pending.key(), PendingKey.of(pending, entry.sinceMillis()), PendingKey::and);
        }
      }
    }

    void leave(Key key) {
      left.add(key);
    }

    boolean isLeft(Key key) {
      return left.contains(key);
    }

    /** Returns whether an intent stays: an attempt of a failed write may still arrive. */
    boolean isLeft(Entry entry, Pending pending) {
      return isLeft(pending.key())
          || (pending.unknown()
              && nanoTime.getAsLong() - entry.seenNanos() < limits.unknownAfter().toNanos());
    }

    /** Leaves the keys that a failure names; returns whether it names some. */
    boolean leaveBlamed(Throwable failure) {
      StoreException known = StoreException.find(failure);
      if (known == null
          || (known.kind() != Kind.INVALID && known.kind() != Kind.CORRUPT)
          || known.keys().isEmpty()) {
        return false;
      }
      reason = String.valueOf(known.getMessage());
      return left.addAll(known.keys());
    }

    /** Returns the keys of which it matters what the target has. */
    List<Key> keysToCompare(Map<Key, @Nullable Change> held) {
      List<Key> compared = new ArrayList<>();
      held.forEach(
          (key, change) -> {
            if (!decides || change == null) {
              compared.add(key);
            }
          });
      return compared;
    }

    /**
     * Returns what to write to the target, and leaves the keys for which that is not known yet.
     *
     * @param held what the source has
     * @param there what the target has, of the keys to compare
     */
    List<Change> copies(Map<Key, @Nullable Change> held, Map<Key, @Nullable Change> there) {
      List<Change> changes = new ArrayList<>();
      held.forEach(
          (key, change) -> {
            PendingKey pending = Objects.requireNonNull(keys.get(key));
            if (!isLeft(key) && isCurrent(pending, change)) {
              Change copy =
                  decides
                      ? ofPrimary(pending, change, there.get(key))
                      : ofOther(pending, change, there.get(key));
              if (copy != null) {
                changes.add(copy);
              }
            } else {
              leave(key);
            }
          });
      return changes;
    }

    /** Returns whether the answer of the source is not older than the pending change. */
    private boolean isCurrent(PendingKey pending, @Nullable Change change) {
      Pending known = pending.known();
      if (known == null) {
        // If the change was not applied, what the source has is older, and the target may have it.
        return true;
      }
      if (change != null) {
        return change.version() >= known.version()
            // A lookup that finds an older row comes from a cache; the delete is known.
            || (!sourceRows.isExact() && known.delete());
      }
      return sourceRows.isExact()
          || known.delete()
          || isOld(pending.lastMillis(), limits.absentAfter());
    }

    /** Returns what to copy from the primary, or null for nothing. */
    private @Nullable Change ofPrimary(
        PendingKey pending, @Nullable Change change, @Nullable Change there) {
      Change deleted = deletedAt(pending, change);
      if (deleted != null || change != null) {
        return deleted == null ? change : deleted;
      }
      // The primary has forgotten the row: it has expired or was deleted.
      Pending known = pending.known();
      return known != null && there instanceof Put && there.version() <= known.version()
          ? new Delete(known.key(), known.version())
          : null;
    }

    /** Returns what to copy to the primary, or null for nothing. */
    private @Nullable Change ofOther(
        PendingKey pending, @Nullable Change change, @Nullable Change there) {
      Change deleted = deletedAt(pending, change);
      Change copy = deleted == null ? change : deleted;
      if (copy == null || (there != null && there.version() >= copy.version())) {
        return null;
      }
      if (there == null
          && copy instanceof Put
          && isOld(pending.firstMillis(), limits.retention())) {
        leave(copy.key());
        return null;
      }
      return copy;
    }

    /**
     * Returns the tombstone of a delete that the source has applied, if its answer does not show
     * it.
     */
    private @Nullable Change deletedAt(PendingKey pending, @Nullable Change change) {
      Pending known = pending.known();
      if (known == null || !known.delete() || sourceRows.isExact()) {
        return null;
      }
      return change == null || change.version() < known.version()
          ? new Delete(known.key(), known.version())
          : null;
    }

    private boolean isOld(long sinceMillis, Duration limit) {
      return log.now() - sinceMillis >= limit.toMillis();
    }
  }
}
