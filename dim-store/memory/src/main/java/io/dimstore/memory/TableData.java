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
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table, shared by all stores of an instance. Reads take no lock. One cell per key:
 * so no end of a row or tombstone can uncover an older one.
 */
final class TableData {

  private static final int MIN_WRITES_PER_SWEEP = 1_024;

  private final List<Column> key;
  private final List<Column> values;
  private final KeyCodec codec;
  private final ConcurrentHashMap<Key, Cell> cells = new ConcurrentHashMap<>();

  /** Every key of {@link #cells} by its bytes; changed only inside a computation of that key. */
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

  /** The changes, or null where they are not kept. */
  @Nullable ChangeLog log() {
    return log;
  }

  /** The newest change of a key that has not ended, or null. */
  @Nullable Change newest(Key candidate, long nowMillis) {
    Cell cell = cells.get(candidate);
    return cell == null || cell.hasEnded(nowMillis) ? null : cell.change();
  }

  /**
   * Applies a change unless a newer one is there (R3).
   *
   * @return whether it was applied, not superseded
   */
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

  private Cell applied(Cell cell) {
    if (log != null) {
      log.add(cell.change());
    }
    return cell;
  }

  /**
   * Drops what has ended, once per as many writes as the last time left keys: so a table holds at
   * most about twice what had not ended then, and a write pays for one key.
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
   * Refuses a spec whose key is another one, or that has a column which this table lacks or holds
   * in another type.
   */
  void requireFits(TableSpec spec) {
    if (!spec.key().equals(key)) {
      throw misfit(spec, "its key is " + key + ", not " + spec.key());
    }
    for (Column column : spec.values()) {
      if (!values.contains(column)) {
        throw misfit(spec, "it has no column " + column + " but " + values);
      }
    }
  }

  /** Refuses to write rows of another layout than those that are here. */
  void requireLayoutOf(TableSpec spec) {
    if (!spec.key().equals(key) || !spec.values().equals(values)) {
      throw misfit(spec, "it holds " + key + " with " + values);
    }
  }

  private static StoreException misfit(TableSpec spec, String difference) {
    return StoreException.invalid(
        "Table '"
            + spec.name()
            + "' of store 'memory' does not fit: "
            + difference
            + ". Change the table's declaration, or use another name or 'instance'.");
  }
}
