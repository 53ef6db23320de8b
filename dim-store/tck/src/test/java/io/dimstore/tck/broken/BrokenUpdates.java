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
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.RowUpdateLoop;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Stores whose row updates are wrong. */
final class BrokenUpdates {

  private BrokenUpdates() {}

  static List<Broken> all() {
    return List.of(
        broken(Clause.U1A, "shows no tombstones", Holding.ALL, BrokenUpdates::blind),
        broken(Clause.U1B, "loses the expiry", Holding.ALL, BrokenUpdates::endless),
        broken(Clause.U1C, "removes what it is to keep", Holding.ALL, BrokenUpdates::removing),
        broken(Clause.U1D, "loses every second update", Holding.ALL, BrokenUpdates::forgetful),
        broken(Clause.U1E, "does not see concurrent writes", Holding.UPDATES, updates -> updates),
        broken(Clause.U1F, "updates as often as listed", Holding.ALL, BrokenUpdates::repeating),
        broken(Clause.U2A, "accepts everything", Holding.ALL, u -> silent(u, Kind.INVALID)),
        broken(Clause.U2B, "needs no table", Holding.ALL, u -> silent(u, Kind.NO_TABLE)),
        broken(Clause.U2C, "answers after close", Holding.ALL, u -> silent(u, Kind.CLOSED)));
  }

  /** What waits for an update of the table. */
  private enum Holding {
    ALL,
    UPDATES
  }

  private interface Breaking {
    RowUpdates wrap(RowUpdates correct);
  }

  private static Broken broken(Clause clause, String how, Holding holding, Breaking breaking) {
    Object lock = new Object();
    return new Broken(
            clause,
            how,
            (sound, extra, metrics, clock) -> {
              DimensionStore inner = sound.open(extra, metrics, clock);
              return new DelegatingStore(inner, table -> table) {
                @Override
                public DimensionTable table(TableSpec spec) {
                  return new Table(super.table(spec), spec, lock, holding, breaking);
                }
              };
            })
        .declaring(ChangeFeed.class, Maintenance.class, SharedRecords.class, RowUpdates.class);
  }

  /** Updates a key by a scan and a write, both under a lock, which is correct, and breaks that. */
  private static final class Table extends DelegatingTable implements RowUpdates {

    private final TableSpec spec;
    private final ChangeValidator validator;
    private final Object lock;
    private final Holding holding;
    private final RowUpdates broken;

    Table(DimensionTable inner, TableSpec spec, Object lock, Holding holding, Breaking breaking) {
      super(inner);
      this.spec = spec;
      this.validator = new ChangeValidator(spec);
      this.lock = lock;
      this.holding = holding;
      this.broken = breaking.wrap(this::correct);
    }

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      if (holding == Holding.UPDATES) {
        return super.write(changes);
      }
      synchronized (lock) {
        return super.write(changes);
      }
    }

    @Override
    public CompletionStage<Void> update(List<Key> keys, Update update) {
      return broken.update(keys, update);
    }

    private CompletionStage<Void> correct(List<Key> keys, Update update) {
      synchronized (lock) {
        try {
          Map<Key, Change> stored = stored();
          List<Change> next = new ArrayList<>();
          for (Key key : new LinkedHashSet<>(keys)) {
            Change change = RowUpdateLoop.next(key, stored.get(key), update, validator);
            if (change != null) {
              next.add(change);
            }
          }
          return CompletableFuture.completedFuture(super.write(next).toCompletableFuture().join());
        } catch (RuntimeException e) {
          StoreException known = StoreException.find(e);
          return CompletableFuture.failedFuture(known == null ? e : known);
        }
      }
    }

    private Map<Key, Change> stored() {
      Map<Key, Change> found = new HashMap<>();
      ScanSplit left =
          splits(1, new ScanOptions(spec.all(), null, null, true))
              .toCompletableFuture()
              .join()
              .get(0);
      while (left != null) {
        ScanPage page = scan(left, 10_000).toCompletableFuture().join();
        page.changes().forEach(change -> found.put(change.key(), change));
        left = page.remaining();
      }
      return found;
    }
  }

  private static RowUpdates blind(RowUpdates correct) {
    return (keys, update) ->
        correct.update(
            keys, (key, stored) -> update.next(key, stored instanceof Delete ? null : stored));
  }

  private static RowUpdates endless(RowUpdates correct) {
    return (keys, update) ->
        correct.update(
            keys,
            (key, stored) ->
                update.next(key, stored) instanceof Put put
                    ? new Put(put.key(), put.row(), put.version())
                    : update.next(key, stored));
  }

  private static RowUpdates removing(RowUpdates correct) {
    return (keys, update) ->
        correct.update(
            keys,
            (key, stored) -> {
              Change next = update.next(key, stored);
              return next == null
                  ? new Delete(key, stored == null ? 1 : stored.version() + 1)
                  : next;
            });
  }

  private static RowUpdates forgetful(RowUpdates correct) {
    Map<Key, Integer> calls = new ConcurrentHashMap<>();
    return (keys, update) ->
        correct.update(
            keys,
            (key, stored) -> {
              Change next = update.next(key, stored);
              boolean follows =
                  next != null
                      && stored != null
                      && next.key().equals(key)
                      && next.version() > stored.version();
              return follows && calls.merge(key, 1, Integer::sum) % 2 == 0 ? null : next;
            });
  }

  private static RowUpdates repeating(RowUpdates correct) {
    return (keys, update) -> {
      CompletionStage<Void> all = CompletableFuture.completedFuture(null);
      for (Key key : keys) {
        all = all.thenCompose(done -> correct.update(List.of(key), update));
      }
      return all;
    };
  }

  private static RowUpdates silent(RowUpdates correct, Kind kind) {
    return (keys, update) ->
        correct
            .update(keys, update)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  return known != null && known.kind() == kind
                      ? CompletableFuture.completedFuture(null)
                      : CompletableFuture.failedFuture(failure);
                });
  }
}
