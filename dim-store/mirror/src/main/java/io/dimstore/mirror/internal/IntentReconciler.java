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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Copies the current rows and tombstones of the keys of intents from the side that keeps the
 * intents to the other one, and removes the intents. Thread-safe; several processes may do so at
 * once.
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
 */
final class IntentReconciler {

  private final IntentLog log;
  private final DimensionTable source;
  private final DimensionTable target;
  private final Projection all;
  private final long absentAfterMillis;
  private final long unknownAfterMillis;

  /**
   * @param log the intents of the source
   * @param all all value columns
   * @param absentAfter how old a pending put must be before the absence of its row is believed
   * @param unknownAfter how old the intent of a write must be that failed in the source, so that no
   *     attempt of it arrives later
   */
  IntentReconciler(
      IntentLog log,
      DimensionTable source,
      DimensionTable target,
      Projection all,
      Duration absentAfter,
      Duration unknownAfter) {
    this.log = log;
    this.source = source;
    this.target = target;
    this.all = all;
    this.absentAfterMillis = absentAfter.toMillis();
    this.unknownAfterMillis = unknownAfter.toMillis();
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
                    : reconcile(new Pass(entries), maxKeys));
  }

  private CompletionStage<Repair> reconcile(Pass pass, int maxKeys) {
    List<Key> keys = List.copyOf(pass.newest.keySet());
    return read(keys, pass)
        .thenCompose(before -> copy(pass.copies(before), pass).thenCompose(done -> again(before)))
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

  /** Reads the rows of the keys; leaves keys whose rows cannot be decoded. */
  private CompletionStage<Map<Key, @Nullable Put>> read(List<Key> keys, Pass pass) {
    List<Key> readable = keys.stream().filter(key -> !pass.isLeft(key)).toList();
    return source
        .get(readable, all)
        .<Map<Key, @Nullable Put>>thenApply(rows -> byKey(readable, rows))
        .exceptionallyCompose(
            failure ->
                pass.leaveBlamed(failure)
                    ? read(keys, pass)
                    : CompletableFuture.failedFuture(failure));
  }

  private static Map<Key, @Nullable Put> byKey(List<Key> keys, List<@Nullable Put> rows) {
    Map<Key, @Nullable Put> found = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      found.put(keys.get(i), rows.get(i));
    }
    return found;
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

  private CompletionStage<Rows> again(Map<Key, @Nullable Put> before) {
    List<Key> keys = List.copyOf(before.keySet());
    return source.get(keys, all).thenApply(rows -> new Rows(before, byKey(keys, rows)));
  }

  /** Rows as they were read before and after they were copied. */
  private record Rows(Map<Key, @Nullable Put> before, Map<Key, @Nullable Put> after) {

    List<Key> changed() {
      List<Key> changed = new ArrayList<>();
      before.forEach(
          (key, row) -> {
            Put now = after.get(key);
            if (row == null ? now != null : !row.equals(now)) {
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
      List<Pending> left = entry.pending().stream().filter(p -> pass.isLeft(p.key())).toList();
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

  /** The intents of one call, and what became of their keys. Used by one thread at a time. */
  private final class Pass {

    private final List<Entry> entries;
    private final Map<Key, Pending> newest = new HashMap<>();
    private final Map<Key, Long> since = new HashMap<>();
    private final Set<Key> left = new HashSet<>();
    private String reason = "";
    private int copied;

    Pass(List<Entry> entries) {
      this.entries = entries;
      for (Entry entry : entries) {
        for (Pending pending : entry.pending()) {
          newest.merge(pending.key(), pending, Pending::or);
          since.merge(pending.key(), entry.sinceMillis(), Math::max);
        }
      }
    }

    void leave(Key key) {
      left.add(key);
    }

    boolean isLeft(Key key) {
      return left.contains(key);
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

    /** Returns what to write to the target. */
    List<Change> copies(Map<Key, @Nullable Put> rows) {
      List<Change> changes = new ArrayList<>();
      rows.forEach(
          (key, row) -> {
            Pending pending = newest.get(key);
            Change copy = pending == null ? null : copyOf(pending, row);
            if (copy != null) {
              changes.add(copy);
            } else if (pending == null || !pending.unknown() || !isOld(key, unknownAfterMillis)) {
              leave(key);
            }
          });
      return changes;
    }

    /**
     * Returns the change that gives the target the state of the source, or null if there is none,
     * or if the source's answer is older than the intent.
     */
    private @Nullable Change copyOf(Pending pending, @Nullable Put row) {
      if (pending.unknown()) {
        // If the change was not applied, the row is an older one, which the target may have.
        return isOld(pending.key(), unknownAfterMillis) ? row : null;
      }
      if (row != null && row.version() >= pending.version()) {
        return row;
      }
      if (pending.delete()) {
        return new Delete(pending.key(), pending.version());
      }
      // The row of a pending put has expired, or was deleted by a write that has its own intent or
      // reached the target. Or a cache of the source answers with what was there before.
      boolean isBelieved = row == null && isOld(pending.key(), absentAfterMillis);
      return isBelieved ? new Delete(pending.key(), pending.version()) : null;
    }

    private boolean isOld(Key key, long millis) {
      Long at = since.get(key);
      return at != null && log.now() - at >= millis;
    }
  }
}
