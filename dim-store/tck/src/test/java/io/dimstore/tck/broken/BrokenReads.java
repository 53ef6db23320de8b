// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.simulated.CopiedStore;
import io.dimstore.tck.simulated.CopiedTable;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedHarness;
import io.dimstore.tck.simulated.SimulatedServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Stores whose gets are wrong: R1, R2 and R13. */
final class BrokenReads {

  private static final int FEW = 500;
  private static final int MOST = 2_000;
  private static final int INVALIDATIONS = 42;

  private BrokenReads() {}

  static List<Broken> all() {
    return List.of(
        asked(
            Clause.R1A,
            "answers large batches in the order of the keys' hashes",
            BrokenReads::sorted),
        Broken.tables(Clause.R1B, "refuses more than 2,000 keys", (t, c) -> limited(t)),
        answered(
            Clause.R1C, "answers a key asked twice with two versions", BrokenReads::differently),
        Broken.tables(Clause.R1D, "reads a key asked twice more than once", (t, c) -> oneByOne(t)),
        Broken.tables(
            Clause.R2A, "reports rows that exceed one response as absent", (t, c) -> cut(t)),
        Broken.served(
            Clause.R2B,
            "reports keys that the server left unprocessed as absent",
            (t, s) -> halfWhile(t, s, Provocation.PARTIAL_ANSWERS, 2)),
        Broken.served(
            Clause.R2C,
            "reports keys that were not processed in time as absent",
            (t, s) -> halfWhile(t, s, Provocation.NOTHING_PROCESSED, Integer.MAX_VALUE)),
        Broken.served(
            Clause.R2D, "reports a single unprocessed key as absent", (t, s) -> butLast(t, s)),
        Broken.tables(
            Clause.R13D, "resets the age of a copy that is read", (t, c) -> refreshing(t)),
        Broken.tables(
            Clause.R13A, "drops the 42nd invalidation of a cached row", (t, c) -> overflowing(t)),
        Broken.tables(Clause.R13B, "caches rows of one column for ever", (t, c) -> narrow(t)),
        new Broken(Clause.R13B, "does not invalidate the caches of other stores", uninvalidated()),
        Broken.tables(Clause.R13C, "lets readers see the version before the newest", lagging()),
        Broken.options(Clause.R13D, "reads copies of any age", CopiedStore.AGELESS));
  }

  private static Broken asked(Clause clause, String how, UnaryOperator<List<Key>> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return super.get(breaking.apply(keys), columns);
              }
            });
  }

  private static Broken answered(Clause clause, String how, UnaryOperator<List<Put>> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return super.get(keys, columns).thenApply(breaking);
              }
            });
  }

  private static List<Key> sorted(List<Key> keys) {
    List<Key> order = new ArrayList<>(keys);
    if (keys.size() > FEW) {
      order.sort((a, b) -> Integer.compare(a.hashCode(), b.hashCode()));
    }
    return order;
  }

  private static DimensionTable limited(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return keys.size() <= MOST
            ? super.get(keys, columns)
            : CompletableFuture.failedFuture(StoreException.invalid("Too many keys"));
      }
    };
  }

  /** In small batches, changes the version of each row after the first one of a key. */
  private static List<Put> differently(List<Put> rows) {
    if (rows.size() > 5) {
      return rows;
    }
    Set<Key> seen = new HashSet<>();
    return DelegatingTable.each(
        rows,
        row -> seen.add(row.key()) ? row : (Put) BrokenWrites.withVersion(row, row.version() + 1));
  }

  private static DimensionTable oneByOne(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (new HashSet<>(keys).size() == keys.size()) {
          return super.get(keys, columns);
        }
        CompletionStage<List<Put>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Key key : keys) {
          all =
              all.thenCombine(
                  reread(key, columns),
                  (rows, next) -> {
                    rows.addAll(next);
                    return rows;
                  });
        }
        return all;
      }

      /** Also reads another projection, which bypasses the copies. */
      private CompletionStage<List<Put>> reread(Key key, Projection columns) {
        return super.get(List.of(key), Projection.of())
            .thenCompose(known -> super.get(List.of(key), columns));
      }
    };
  }

  private static DimensionTable cut(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        long[] left = {SimulatedHarness.RESPONSE_BYTES};
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    DelegatingTable.each(
                        rows, row -> (left[0] -= textLength(row.row())) < 0 ? null : row));
      }
    };
  }

  private static int textLength(Row row) {
    int length = 0;
    for (int i = 0; i < row.size(); i++) {
      length += row.get(i) instanceof String text ? text.length() : 8;
    }
    return length;
  }

  /** While the server misbehaves in this way, treats a part of an answer as the whole. */
  private static DimensionTable halfWhile(
      DimensionTable table, SimulatedServer server, Provocation what, int parts) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (!server.simulates(what)) {
          return super.get(keys, columns);
        }
        int part = keys.size() / parts;
        return (part == 0
                ? CompletableFuture.completedFuture(List.<Put>of())
                : super.get(keys.subList(0, part), columns))
            .thenApply(
                first -> {
                  List<Put> all = new ArrayList<>(first);
                  all.addAll(Collections.nCopies(keys.size() - part, null));
                  return all;
                });
      }
    };
  }

  /** Its own writes clear its cache; writes through other stores do not. */
  private static DimensionTable narrow(DimensionTable table) {
    Map<Key, Put> own = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        CompletionStage<List<Put>> read = super.get(keys, columns);
        return columns.size() != 1 || columns.index(0) != 1
            ? read
            : read.thenApply(
                rows ->
                    DelegatingTable.each(rows, row -> own.computeIfAbsent(row.key(), key -> row)));
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(changes)
            .thenRun(() -> changes.forEach(change -> own.remove(change.key())));
      }
    };
  }

  private static DimensionTable butLast(DimensionTable table, SimulatedServer server) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return server.simulates(Provocation.ONE_UNPROCESSED)
            ? CompletableFuture.completedFuture(Collections.nCopies(keys.size(), null))
            : super.get(keys, columns);
      }
    };
  }

  private static DimensionTable refreshing(DimensionTable table) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        CompletionStage<List<Put>> read = super.get(keys, columns);
        copies.refresh(keys);
        return read;
      }
    };
  }

  private static DimensionTable overflowing(DimensionTable table) {
    Map<Key, Integer> writes = new ConcurrentHashMap<>();
    Map<Key, Put> cache = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(changes)
            .thenRun(() -> changes.forEach(c -> writes.merge(c.key(), 1, Integer::sum)));
      }

      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    DelegatingTable.each(
                        rows,
                        row ->
                            writes.getOrDefault(row.key(), 0) < INVALIDATIONS
                                ? row
                                : cache.computeIfAbsent(row.key(), key -> row)));
      }
    };
  }

  /**
   * Each store has a cache that lasts until the clock advances. Writes through the store itself,
   * and through stores that were opened with options, invalidate it; other writes do not. A lock
   * keeps a reader from caching a row that a writer of the same store has replaced meanwhile, which
   * would break R13c.
   */
  private static Broken.Opening uninvalidated() {
    List<Map<Key, Put>> caches = new CopyOnWriteArrayList<>();
    return (sound, extra, metrics, clock) -> {
      Map<Key, Put> own = new ConcurrentHashMap<>();
      AtomicLong tick = new AtomicLong();
      caches.add(own);
      DimensionStore store = sound.open(extra, metrics, clock);
      return new DelegatingStore(
          store,
          table ->
              new DelegatingTable(table) {
                @Override
                public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                  synchronized (own) {
                    if (tick.getAndSet(clock.millis()) != clock.millis()) {
                      own.clear();
                    }
                    return super.get(keys, columns)
                        .thenApply(
                            rows ->
                                columns.size() != 3
                                    ? rows
                                    : DelegatingTable.each(
                                        rows, row -> own.computeIfAbsent(row.key(), key -> row)));
                  }
                }

                @Override
                public CompletionStage<Void> write(List<Change> changes) {
                  synchronized (own) {
                    return super.write(changes).whenComplete((done, failure) -> forget(changes));
                  }
                }

                private void forget(List<Change> changes) {
                  for (Change change : changes) {
                    own.remove(change.key());
                    if (!extra.isEmpty()) {
                      caches.forEach(cache -> cache.remove(change.key()));
                    }
                  }
                }
              });
    };
  }

  /** A thread that has never written reads the version before the newest. */
  private static Broken.Breaking lagging() {
    Map<Key, Put> newest = new ConcurrentHashMap<>();
    Map<Key, Put> before = new ConcurrentHashMap<>();
    Set<Thread> writers = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            writers.add(Thread.currentThread());
            return super.write(changes).thenRun(() -> changes.forEach(this::remember));
          }

          private void remember(Change change) {
            if (change instanceof Put put) {
              Put last = newest.put(put.key(), put);
              if (last != null) {
                before.put(put.key(), last);
              }
            }
          }

          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            boolean reads = !writers.contains(Thread.currentThread());
            return super.get(keys, columns)
                .thenApply(
                    rows ->
                        DelegatingTable.each(
                            rows, row -> reads ? before.getOrDefault(row.key(), row) : row));
          }
        };
  }
}
