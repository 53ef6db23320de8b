package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
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

/** Stores whose get is wrong: R1, R2 and R13. */
final class BrokenReads {

  private static final int FEW = 500;
  private static final int MOST = 2_000;
  private static final int INVALIDATIONS = 42;

  private BrokenReads() {}

  static List<Broken> all() {
    return List.of(
        asked(Clause.R1A, "answers large batches by their keys' hashes", BrokenReads::sorted),
        Broken.tables(Clause.R1B, "takes at most 2,000 keys", (t, c) -> limited(t)),
        answered(Clause.R1C, "answers a key asked twice from two reads", BrokenReads::differently),
        Broken.tables(Clause.R1D, "reads a key as often as it is asked", (t, c) -> oneByOne(t)),
        Broken.tables(Clause.R2A, "takes for absent what exceeds a response", (t, c) -> cut(t)),
        Broken.served(
            Clause.R2B,
            "takes for absent what the server left unprocessed",
            (t, s) -> halfWhile(t, s, Provocation.PARTIAL_ANSWERS, 2)),
        Broken.served(
            Clause.R2C,
            "takes for absent what the server did not process in time",
            (t, s) -> halfWhile(t, s, Provocation.NOTHING_PROCESSED, Integer.MAX_VALUE)),
        Broken.tables(
            Clause.R13A, "drops the 42nd invalidation of a cached row", (t, c) -> overflowing(t)),
        new Broken(Clause.R13B, "does not tell other openings' caches of its writes", untold()),
        Broken.tables(Clause.R13C, "lets readers lag a write behind", lagging()),
        Broken.options(Clause.R13D, "reads copies however old they are", CopiedStore.AGELESS));
  }

  private static Broken asked(Clause clause, String how, UnaryOperator<List<Key>> spoiling) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return super.get(spoiling.apply(keys), columns);
              }
            });
  }

  private static Broken answered(Clause clause, String how, UnaryOperator<List<Put>> spoiling) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return super.get(keys, columns).thenApply(spoiling);
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
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return keys.size() <= MOST
            ? super.get(keys, columns)
            : CompletableFuture.failedFuture(StoreException.invalid("Too many keys"));
      }
    };
  }

  /** Each answer but the first to a key is of another version. */
  private static List<Put> differently(List<Put> rows) {
    Set<Key> seen = new HashSet<>();
    return SpoiledTable.each(
        rows,
        row -> seen.add(row.key()) ? row : (Put) BrokenWrites.withVersion(row, row.version() + 1));
  }

  private static DimensionTable oneByOne(DimensionTable table) {
    return new SpoiledTable(table) {
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

      /** By another projection, which no copy answers. */
      private CompletionStage<List<Put>> reread(Key key, Projection columns) {
        return super.get(List.of(key), Projection.of())
            .thenCompose(known -> super.get(List.of(key), columns));
      }
    };
  }

  private static DimensionTable cut(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        long[] left = {16L << 20};
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    SpoiledTable.each(
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

  /** Takes a part of an answer for the whole while the server plays this. */
  private static DimensionTable halfWhile(
      DimensionTable table, PlayedServer server, Provocation what, int parts) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (!server.plays(what)) {
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

  private static DimensionTable overflowing(DimensionTable table) {
    Map<Key, Integer> writes = new ConcurrentHashMap<>();
    Map<Key, Put> cache = new ConcurrentHashMap<>();
    return new SpoiledTable(table) {
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
                    SpoiledTable.each(
                        rows,
                        row ->
                            writes.getOrDefault(row.key(), 0) < INVALIDATIONS
                                ? row
                                : cache.computeIfAbsent(row.key(), key -> row)));
      }
    };
  }

  /**
   * Each opening has a cache, for the length of a tick of the clock, that its own writes clear, and
   * those of openings with options.
   */
  private static Broken.Opening untold() {
    List<Map<Key, Put>> caches = new CopyOnWriteArrayList<>();
    return (sound, extra, metrics, clock) -> {
      Map<Key, Put> own = new ConcurrentHashMap<>();
      AtomicLong tick = new AtomicLong();
      caches.add(own);
      DimensionStore store = sound.open(extra, metrics, clock);
      return new SpoiledStore(
          store,
          table ->
              new SpoiledTable(table) {
                @Override
                public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                  if (tick.getAndSet(clock.millis()) != clock.millis()) {
                    own.clear();
                  }
                  return super.get(keys, columns)
                      .thenApply(
                          rows ->
                              columns.size() != 3
                                  ? rows
                                  : SpoiledTable.each(
                                      rows, row -> own.computeIfAbsent(row.key(), key -> row)));
                }

                @Override
                public CompletionStage<Void> write(List<Change> changes) {
                  return super.write(changes)
                      .whenComplete(
                          (done, failure) -> {
                            for (Change change : changes) {
                              own.remove(change.key());
                              if (!extra.isEmpty()) {
                                caches.forEach(cache -> cache.remove(change.key()));
                              }
                            }
                          });
                }
              });
    };
  }

  /** A thread that has never written reads the rows before the newest. */
  private static Broken.Spoiling lagging() {
    Map<Key, Put> newest = new ConcurrentHashMap<>();
    Map<Key, Put> before = new ConcurrentHashMap<>();
    Set<Thread> writers = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new SpoiledTable(table) {
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
                        SpoiledTable.each(
                            rows, row -> reads ? before.getOrDefault(row.key(), row) : row));
          }
        };
  }
}
