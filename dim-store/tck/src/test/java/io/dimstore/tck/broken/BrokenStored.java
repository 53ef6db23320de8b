// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Stores whose stored changes are wrong. */
final class BrokenStored {

  private BrokenStored() {}

  static List<Broken> all() {
    return List.of(
        broken(Clause.C1A, "answers a key asked twice once", BrokenStored::distinct),
        broken(Clause.C1B, "loses the expiry", stored -> each(stored, BrokenStored::endless)),
        broken(
            Clause.C1C,
            "has no tombstones",
            stored -> each(stored, change -> change instanceof Delete ? null : change),
            Clause.C1E),
        broken(Clause.C1C, "dates a tombstone anew", stored -> each(stored, BrokenStored::dated)),
        broken(Clause.C1D, "refuses keys that it cannot hold", BrokenStored::picky),
        broken(Clause.C1E, "remembers its answers", BrokenStored::remembering),
        broken(Clause.C2A, "does not name the keys of corrupt rows", BrokenStored::silent),
        broken(Clause.C2B, "finds nothing in a missing table", s -> absentFor(s, Kind.NO_TABLE)),
        broken(Clause.C2C, "answers after it was closed", s -> absentFor(s, Kind.CLOSED)));
  }

  private interface Breaking {
    StoredChanges wrap(StoredChanges correct);
  }

  private static Broken broken(Clause clause, String how, Breaking breaking, Clause... also) {
    Broken broken =
        new Broken(
                clause,
                how,
                (sound, extra, metrics, clock) -> {
                  DimensionStore inner = sound.open(extra, metrics, clock);
                  return new DelegatingStore(inner, table -> table) {
                    @Override
                    public DimensionTable table(TableSpec spec) {
                      return new Table(super.table(spec), spec, breaking);
                    }
                  };
                })
            .declaring(
                ChangeFeed.class, Maintenance.class, SharedRecords.class, StoredChanges.class);
    return also.length == 0
        ? broken
        : broken.showsAlsoIn("what changes includes its removal", also);
  }

  /** Reads the whole table by a scan, which is correct, and breaks the answers. */
  private static final class Table extends DelegatingTable implements StoredChanges {

    private final TableSpec spec;
    private final StoredChanges broken;

    Table(DimensionTable inner, TableSpec spec, Breaking breaking) {
      super(inner);
      this.spec = spec;
      this.broken = breaking.wrap(this::correct);
    }

    @Override
    public CompletionStage<List<Change>> stored(List<Key> keys) {
      return broken.stored(keys);
    }

    private CompletionStage<List<Change>> correct(List<Key> keys) {
      return splits(1, new ScanOptions(spec.all(), null, null, true))
          .thenCompose(
              splits -> readAll(splits.get(0), new Found(new HashMap<>(), new HashSet<>())))
          .thenApply(
              found -> {
                Set<Key> corrupt = new HashSet<>(found.unreadable());
                corrupt.retainAll(new HashSet<>(keys));
                if (!corrupt.isEmpty()) {
                  throw new StoreException(
                      Kind.CORRUPT, "Rows cannot be read", List.copyOf(corrupt), null);
                }
                List<Change> answer = new ArrayList<>();
                keys.forEach(key -> answer.add(found.changes().get(key)));
                return answer;
              });
    }

    private record Found(Map<Key, Change> changes, Set<Key> unreadable) {}

    private CompletionStage<Found> readAll(ScanSplit split, Found found) {
      return scan(split, 10_000)
          .thenCompose(
              page -> {
                page.changes().forEach(change -> found.changes().put(change.key(), change));
                page.unreadable().stream().map(UnreadableRow::key).forEach(found.unreadable()::add);
                return page.remaining() == null
                    ? CompletableFuture.completedFuture(found)
                    : readAll(page.remaining(), found);
              });
    }
  }

  private interface Spoiling {
    Change spoil(Change change);
  }

  private static StoredChanges each(StoredChanges correct, Spoiling spoiling) {
    return keys ->
        correct
            .stored(keys)
            .thenApply(
                changes -> {
                  List<Change> spoiled = new ArrayList<>();
                  changes.forEach(
                      change -> spoiled.add(change == null ? null : spoiling.spoil(change)));
                  return spoiled;
                });
  }

  private static Change endless(Change change) {
    return change instanceof Put put ? new Put(put.key(), put.row(), put.version()) : change;
  }

  /** Only of rows that were never put, which C1e does not look at. */
  private static Change dated(Change change) {
    return change instanceof Delete && change.key().toString().contains("before-it-was-put")
        ? new Delete(change.key(), change.version() + 1)
        : change;
  }

  private static StoredChanges distinct(StoredChanges correct) {
    return keys -> {
      Set<Key> seen = new HashSet<>();
      return correct
          .stored(keys)
          .thenApply(
              changes -> {
                List<Change> once = new ArrayList<>();
                for (int i = 0; i < keys.size(); i++) {
                  once.add(seen.add(keys.get(i)) ? changes.get(i) : null);
                }
                return once;
              });
    };
  }

  private static StoredChanges picky(StoredChanges correct) {
    return keys ->
        keys.stream().anyMatch(key -> key.size() != 1 || !(key.get(0) instanceof String))
            ? CompletableFuture.failedFuture(StoreException.invalid("A key does not fit"))
            : correct.stored(keys);
  }

  private static StoredChanges remembering(StoredChanges correct) {
    Map<List<Key>, List<Change>> known = new ConcurrentHashMap<>();
    return keys -> {
      List<Change> before = known.get(keys);
      return before != null
          ? CompletableFuture.completedFuture(before)
          : correct
              .stored(keys)
              .thenApply(
                  changes -> {
                    if (changes.stream().anyMatch(change -> change != null)) {
                      known.put(List.copyOf(keys), changes);
                    }
                    return changes;
                  });
    };
  }

  private static StoredChanges silent(StoredChanges correct) {
    return keys ->
        correct
            .stored(keys)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  return CompletableFuture.failedFuture(
                      known != null && known.kind() == Kind.CORRUPT
                          ? new StoreException(Kind.CORRUPT, "A row cannot be read")
                          : failure);
                });
  }

  private static StoredChanges absentFor(StoredChanges correct, Kind kind) {
    return keys ->
        correct
            .stored(keys)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  if (known == null || known.kind() != kind) {
                    return CompletableFuture.failedFuture(failure);
                  }
                  List<Change> none = new ArrayList<>();
                  keys.forEach(key -> none.add(null));
                  return CompletableFuture.completedFuture(none);
                });
  }
}
