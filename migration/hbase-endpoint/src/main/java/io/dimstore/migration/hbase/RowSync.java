// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the target show what HBase shows, for a batch of rows that the log reports as changed. The
 * log only says which rows changed; what is written is always read from HBase.
 *
 * <p>A row is done when the target and HBase were read and show the same. Several region servers
 * may carry one row at the same time, in any order, with equal or falling versions. Whichever
 * process wrote the row last in the target, an endpoint compares both stores after that write and
 * after the last change in HBase. The target is read before HBase. Dimstore's own writers write
 * HBase first, so a newer row of theirs in the target is then in HBase too, and the endpoint does
 * not overwrite it with an older row. Thread-safe.
 */
final class RowSync {

  /** A row that changes all the time is given up after this many rounds, and carried later. */
  private static final int MAX_ROUNDS = 100;

  private final SourceRows source;
  private final TargetRows target;
  private final RefusedRows refused;
  private final EndpointMetrics metrics;
  private final InstantSource clock;
  private final boolean raises;

  /**
   * Creates the synchronization of one table.
   *
   * @param raises whether a row may be written above its version in HBase
   */
  RowSync(
      SourceRows source,
      TargetRows target,
      RefusedRows refused,
      EndpointMetrics metrics,
      InstantSource clock,
      boolean raises) {
    this.source = source;
    this.target = target;
    this.refused = refused;
    this.metrics = metrics;
    this.clock = clock;
    this.raises = raises;
  }

  /**
   * Carries rows of different keys. Returns when the target shows each of them as HBase does, or
   * the row is recorded as refused.
   *
   * @throws StoreException if HBase or the target does not answer. Calling it again with all rows
   *     is safe
   */
  void carry(List<ChangedRow> rows) throws InterruptedException {
    Map<Key, Pending> pending = new LinkedHashMap<>(rows.size() * 2);
    rows.forEach(row -> pending.put(row.key(), new Pending(row)));
    for (int round = 0; !pending.isEmpty(); round++) {
      if (round == MAX_ROUNDS) {
        throw new StoreException(
            Kind.UNAVAILABLE,
            "Rows changed in HBase faster than they could be carried, such as "
                + pending.keySet().iterator().next());
      }
      Map<Key, @Nullable Change> stored = stored(pending);
      Map<Key, Change> changes = changes(pending, stored);
      write(pending, changes);
    }
    metrics.carried(rows.size());
  }

  /** Reads the target for the rows that are to be compared. Removes rows that cannot be read. */
  private Map<Key, @Nullable Change> stored(Map<Key, Pending> pending) throws InterruptedException {
    while (true) {
      List<Key> compared = new ArrayList<>(pending.size());
      pending.forEach(
          (key, row) -> {
            if (row.compares) {
              compared.add(key);
            }
          });
      if (compared.isEmpty()) {
        return Map.of();
      }
      try {
        List<@Nullable Change> found = target.stored(compared);
        Map<Key, @Nullable Change> stored = new HashMap<>(compared.size() * 2);
        for (int i = 0; i < compared.size(); i++) {
          stored.put(compared.get(i), found.get(i));
        }
        return stored;
      } catch (StoreException e) {
        refuse(pending, e, Kind.CORRUPT);
      }
    }
  }

  private Map<Key, Change> changes(Map<Key, Pending> pending, Map<Key, @Nullable Change> stored)
      throws InterruptedException {
    List<Pending> asked = List.copyOf(pending.values());
    List<CurrentRow> currentRows = source.read(asked.stream().map(row -> row.row).toList());
    long now = clock.millis();
    Map<Key, Change> changes = new LinkedHashMap<>(asked.size() * 2);
    for (int i = 0; i < asked.size(); i++) {
      Pending row = asked.get(i);
      Key key = row.row.key();
      CurrentRow current = currentRows.get(i);
      if (current instanceof CurrentRow.Unreadable unreadable) {
        refused.record(row.row.rowKey(), row.row.writtenAt(), unreadable.reason());
        metrics.refused(1);
        pending.remove(key);
      } else if (row.compares) {
        Change change = NextChange.next(row.row, current, stored.get(key), row.writes, now, raises);
        if (change == null) {
          pending.remove(key);
        } else {
          changes.put(key, change);
        }
      } else {
        row.compares = true;
        Change change = NextChange.first(row.row, current);
        if (change != null) {
          changes.put(key, change);
        }
      }
    }
    return changes;
  }

  private void write(Map<Key, Pending> pending, Map<Key, Change> changes)
      throws InterruptedException {
    if (changes.isEmpty()) {
      return;
    }
    try {
      target.write(List.copyOf(changes.values()));
      metrics.written(changes.size());
    } catch (StoreException e) {
      refuse(pending, e, Kind.INVALID);
      return;
    }
    for (Key key : changes.keySet()) {
      Pending row = pending.get(key);
      if (row != null && ++row.writes > 1) {
        metrics.rewritten(1);
      }
    }
  }

  /** Records the rows that a failure names, so that the others can be tried again without them. */
  private void refuse(Map<Key, Pending> pending, StoreException failure, Kind kind)
      throws InterruptedException {
    boolean named = false;
    if (failure.kind() == kind) {
      for (Key key : failure.keys()) {
        Pending row = pending.get(key);
        if (row != null) {
          refused.record(
              row.row.rowKey(), row.row.writtenAt(), String.valueOf(failure.getMessage()));
          metrics.refused(1);
          pending.remove(key);
          named = true;
        }
      }
    }
    if (!named) {
      throw failure;
    }
  }

  /** A row that is not done. */
  private static final class Pending {
    final ChangedRow row;

    /** Whether the target is read in the next round. */
    boolean compares;

    /** How many writes have succeeded. */
    int writes;

    Pending(ChangedRow row) {
      this.row = row;
      this.compares = row.checkFirst();
    }
  }
}
