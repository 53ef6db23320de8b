// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table, shared by all stores of an instance. Reads take no lock. Each key has a
 * single cell, so an older row or tombstone cannot reappear when the newest one is dropped.
 */
final class TableData {

  private static final int MIN_WRITES_PER_SWEEP = 1_024;

  private final List<Column> key;
  private final List<Column> values;
  private final KeyCodec codec;
  private final ConcurrentHashMap<Key, Cell> cells = new ConcurrentHashMap<>();

  /**
   * Every key of {@link #cells}, ordered by its encoded bytes. It is modified only inside a
   * computation of {@link #cells} for that key.
   */
  private final ConcurrentNavigableMap<byte[], Key> order =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  private final AtomicInteger writesSinceSweep = new AtomicInteger();
  private volatile int keysAtSweep;
  private final @Nullable ChangeLog log;

  TableData(TableSpec spec, boolean followed) {
    this.log = followed ? new ChangeLog() : null;
    this.key = spec.key();
    this.values = spec.values();
    this.codec = new KeyCodec(key);
  }

  List<Column> values() {
    return values;
  }

  KeyCodec codec() {
    return codec;
  }

  ConcurrentNavigableMap<byte[], Key> order() {
    return order;
  }

  /** Returns the log of changes, or null if the table keeps no changes. */
  @Nullable ChangeLog log() {
    return log;
  }

  /** Returns the newest change of a key, or null if there is none or it has ended. */
  @Nullable Change newest(Key candidate, long nowMillis) {
    Cell cell = cells.get(candidate);
    return cell == null || cell.hasEnded(nowMillis) ? null : cell.change();
  }

  /**
   * Applies a change unless a newer one exists (R3).
   *
   * @return whether the change was applied; false if it was superseded
   */
  @SuppressWarnings("ReferenceEquality") // Whether this very change was put there.
  boolean apply(Change change, long nowMillis, long retentionMillis) {
    Cell next = Cell.of(change, nowMillis, retentionMillis);
    Cell current =
        cells.compute(
            change.key(),
            (changed, held) -> {
              if (held == null) {
                order.put(codec.encode(changed), changed);
                return applied(next);
              }
              boolean stands =
                  change.version() >= held.change().version() || held.hasEnded(nowMillis);
              return stands ? applied(next) : held;
            });
    return current == next;
  }

  /**
   * Computes the next change of a key from the stored one, and applies it. The function is given
   * null for a key that has none; it may return null, and may throw.
   */
  void update(Key key, UnaryOperator<@Nullable Change> next, long nowMillis, long retentionMillis) {
    var unused =
        cells.compute(
            key,
            (updated, held) -> {
              Change stored = held == null || held.hasEnded(nowMillis) ? null : held.change();
              Change change = next.apply(stored);
              if (change == null) {
                return held;
              }
              if (held == null) {
                order.put(codec.encode(updated), updated);
              }
              return applied(Cell.of(change, nowMillis, retentionMillis));
            });
  }

  private Cell applied(Cell cell) {
    if (log != null) {
      log.add(cell.change());
    }
    return cell;
  }

  /**
   * Drops the cells that have ended, once enough writes have passed since the last sweep. That
   * number is the number of keys that remained after the last sweep, but at least 1,024. A table
   * therefore holds at most about twice the number of cells that had not ended at the last sweep,
   * and the cost per write is one visited key.
   */
  void sweepAfter(int writes, long nowMillis) {
    int count = writesSinceSweep.addAndGet(writes);
    if (count < Math.max(MIN_WRITES_PER_SWEEP, keysAtSweep)
        || !writesSinceSweep.compareAndSet(count, 0)) {
      return;
    }
    for (Key candidate : cells.keySet()) {
      cells.computeIfPresent(
          candidate,
          (swept, held) -> {
            if (!held.hasEnded(nowMillis)) {
              return held;
            }
            order.remove(codec.encode(swept));
            return null;
          });
    }
    keysAtSweep = cells.size();
  }

  /**
   * Throws if the spec has another key, or a column that this table lacks or holds with another
   * type.
   */
  void requireFits(TableSpec spec) {
    if (!spec.key().equals(key)) {
      throw mismatch(spec, "its key is " + key + ", not " + spec.key());
    }
    for (Column column : spec.values()) {
      if (!values.contains(column)) {
        throw mismatch(spec, "it has no column " + column + " but " + values);
      }
    }
  }

  /**
   * Throws if the spec's columns differ from those of the stored rows. Writes require equal
   * columns.
   */
  void requireLayoutOf(TableSpec spec) {
    if (!spec.key().equals(key) || !spec.values().equals(values)) {
      throw mismatch(spec, "it holds " + key + " with " + values);
    }
  }

  private static StoreException mismatch(TableSpec spec, String difference) {
    return StoreException.invalid(
        "Table '"
            + spec.name()
            + "' of store 'memory' does not fit: "
            + difference
            + ". Change the table's declaration, or use another name or 'instance'.");
  }
}
