// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.CopiedTable;
import io.dimstore.tck.simulated.DelegatingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores whose maintenance of copies is wrong. */
final class BrokenCopies {

  private BrokenCopies() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(
            Clause.M1A,
            "reports an empty backlog",
            (t, c) -> counting(t, count -> new Backlog(0, false, Duration.ZERO))),
        Broken.tables(
            Clause.M1A,
            "does not report that the backlog has more",
            (t, c) -> counting(t, x -> new Backlog(x.keys(), false, x.oldestAge()))),
        Broken.tables(Clause.M1B, "does not repair pending deletes", (t, c) -> forgetful(t)),
        Broken.tables(Clause.M1C, "always reports more to repair", (t, c) -> endless(t)),
        Broken.tables(Clause.M1D, "counts writes that reached the copies", (t, c) -> owing(t)),
        Broken.tables(Clause.M2A, "ends a check after one page", (t, c) -> hasty(t)),
        Broken.tables(
            Clause.M2B,
            "reports every difference as stale",
            (t, c) ->
                differing(t, x -> new Difference(x.key(), Difference.Kind.STALE, x.healed()))),
        Broken.tables(Clause.M2C, "heals without being asked", (t, c) -> healing(t, true)),
        Broken.tables(
            Clause.M2C, "reports healed keys but does not heal", (t, c) -> healing(t, false)),
        Broken.tables(Clause.M2D, "changes the system of record", (t, c) -> bold(t)),
        Broken.tables(
            Clause.M3A,
            "does not count removed rows",
            (t, c) ->
                purging(t, page -> new PurgePage(page.read(), 0, page.kept(), page.remaining()))),
        Broken.tables(
            Clause.M3B,
            "does not count kept rows",
            (t, c) ->
                purging(t, page -> new PurgePage(page.read(), page.purged(), 0, page.remaining()))),
        new Broken(Clause.M3B, "purges two milliseconds early", early()),
        Broken.tables(Clause.M3C, "purges rows that have not ended", (t, c) -> greedy(t)),
        Broken.tables(Clause.M3D, "makes purged rows visible", uncovering()),
        Broken.tables(Clause.M4A, "accepts any split", (t, c) -> mute(t, Kind.INVALID)),
        Broken.tables(
            Clause.M4B, "compares a table that does not exist", (t, c) -> mute(t, Kind.NO_TABLE)),
        Broken.tables(Clause.M4C, "answers after close", (t, c) -> mute(t, Kind.CLOSED)));
  }

  /** Repairs, but always reports that more is left. */
  private static DimensionTable endless(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        return super.repair(maxKeys).thenApply(x -> new Repair(x.examined(), x.healed(), true));
      }
    };
  }

  /** Counts one key until the first repair. */
  private static DimensionTable owing(DimensionTable table) {
    boolean[] repaired = {false};
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        repaired[0] = true;
        return super.repair(maxKeys);
      }

      @Override
      public CompletionStage<Backlog> backlog(int maxKeys) {
        return super.backlog(maxKeys)
            .thenApply(
                x -> repaired[0] || x.keys() > 0 ? x : new Backlog(1, false, Duration.ofMillis(1)));
      }
    };
  }

  /** Purges with a clock that is two milliseconds ahead. */
  private static Broken.Opening early() {
    return (sound, extra, metrics, clock) -> {
      DimensionStore ahead = sound.open(extra, metrics, () -> clock.instant().plusMillis(2));
      return new DelegatingStore(sound.open(extra, metrics, clock), table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DelegatingTable purging = (DelegatingTable) ahead.table(spec);
          return new DelegatingTable(super.table(spec)) {
            @Override
            public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
              return purging.purge(split, maxKeys);
            }
          };
        }

        @Override
        public void close() {
          ahead.close();
          super.close();
        }
      };
    };
  }

  private static Broken.Breaking uncovering() {
    Map<Key, Put> last = new ConcurrentHashMap<>();
    Set<Key> deleted = ConcurrentHashMap.newKeySet();
    Set<Key> uncovered = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return super.write(changes).thenRun(() -> changes.forEach(this::remember));
          }

          private void remember(Change change) {
            if (change instanceof Put put) {
              last.put(put.key(), put);
            } else {
              deleted.add(change.key());
            }
          }

          @Override
          public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
            return super.purge(split, maxKeys)
                .thenApply(
                    page -> {
                      if (page.purged() > 0) {
                        uncovered.addAll(deleted);
                      }
                      return page;
                    });
          }

          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            return super.get(keys, columns)
                .thenApply(
                    rows -> {
                      List<Put> found = new ArrayList<>();
                      for (int i = 0; i < keys.size(); i++) {
                        Put row = rows.get(i);
                        boolean shows = row == null && uncovered.contains(keys.get(i));
                        found.add(shows ? last.get(keys.get(i)) : row);
                      }
                      return found;
                    });
          }
        };
  }

  private static DimensionTable forgetful(DimensionTable table) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        copies.dropPending(
            key -> copies.recordsOf(List.of(key)).toCompletableFuture().join().get(0) == null);
        return super.repair(maxKeys);
      }
    };
  }

  private static DimensionTable counting(DimensionTable table, UnaryOperator<Backlog> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Backlog> backlog(int maxKeys) {
        return super.backlog(maxKeys).thenApply(breaking);
      }
    };
  }

  /** Replaces or drops the differences of a check. */
  private static DimensionTable differing(
      DimensionTable table, UnaryOperator<Difference> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal).thenApply(page -> with(page, breaking));
      }
    };
  }

  private static CheckPage with(CheckPage page, UnaryOperator<Difference> breaking) {
    List<Difference> spoiled =
        page.differences().stream().map(breaking).filter(one -> one != null).toList();
    int others = page.examined() - page.notCopied() - page.changed() - spoiled.size();
    return new CheckPage(
        page.read(),
        page.examined(),
        others,
        page.notCopied(),
        page.changed(),
        spoiled,
        page.remaining());
  }

  /** Heals always or never, and reports differences as healed if healing was requested. */
  private static DimensionTable healing(DimensionTable table, boolean always) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, always)
            .thenApply(page -> with(page, x -> new Difference(x.key(), x.kind(), heal)));
      }
    };
  }

  private static DimensionTable hasty(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal)
            .thenApply(
                page ->
                    new CheckPage(
                        page.read(),
                        page.examined(),
                        page.inStep(),
                        page.notCopied(),
                        page.changed(),
                        page.differences(),
                        maxKeys == 4 ? null : page.remaining()));
      }
    };
  }

  /** Deletes rows that only a copy has, which leaves tombstones in the system of record. */
  private static DimensionTable bold(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return super.check(split, maxKeys, heal)
            .thenCompose(
                page ->
                    super.write(
                            page.differences().stream()
                                .filter(x -> x.healed() && x.kind() == Difference.Kind.EXTRA)
                                .map(x -> new Delete(x.key(), 9))
                                .map(Change.class::cast)
                                .toList())
                        .thenApply(done -> page));
      }
    };
  }

  private static DimensionTable purging(DimensionTable table, UnaryOperator<PurgePage> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
        return super.purge(split, maxKeys).thenApply(breaking);
      }
    };
  }

  private static DimensionTable greedy(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
        return super.scan(split, 1)
            .thenCompose(
                page ->
                    super.write(
                        page.changes().stream()
                            .map(x -> new Delete(x.key(), x.version()))
                            .map(Change.class::cast)
                            .toList()))
            .thenCompose(done -> super.purge(split, maxKeys));
      }
    };
  }

  /** Returns empty results instead of failures of this kind. */
  private static DimensionTable mute(DimensionTable table, Kind kind) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        return or(super.repair(maxKeys), new Repair(0, 0, false));
      }

      @Override
      public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
        return or(super.checkSplits(desired), List.of());
      }

      @Override
      public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
        return or(super.check(split, maxKeys, heal), new CheckPage(0, 0, 0, 0, 0, List.of(), null));
      }

      private <T> CompletionStage<T> or(CompletionStage<T> stage, T nothing) {
        return stage.exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              return known != null && known.kind() == kind
                  ? CompletableFuture.completedFuture(nothing)
                  : CompletableFuture.failedFuture(failure);
            });
      }
    };
  }
}
