package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.Versions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;

/** Stores whose write is wrong: versions, batches and whole rows. */
final class BrokenWrites {

  private BrokenWrites() {}

  static List<Broken> all() {
    return List.of(
        new Broken(3, "lets the last writer win", lastWriter()),
        Broken.tables(3, "lets the first of equal versions stand", (t, c) -> strictlyNewer(t)),
        Broken.tables(3, "compares versions as floating point", (t, c) -> floating(t)),
        Broken.tables(3, "takes a number for a version that is none", (t, c) -> lenient(t)),
        Broken.tables(3, "applies the valid part of an invalid batch", (t, c) -> oneByOne(t)),
        Broken.tables(3, "names only the first key to blame", (t, c) -> nameFirst(t)),
        new Broken(3, "keeps two copies that settle ties apart", driftingCopies()),
        Broken.tables(5, "keeps the last of a batch", (t, c) -> reduced(t, (held, next) -> next)),
        Broken.tables(
            5,
            "keeps the first of equal versions in a batch",
            (t, c) -> reduced(t, (held, next) -> next.version() > held.version() ? next : held)),
        Broken.tables(
            6,
            "keeps old values under nulls",
            (t, c) -> SpoiledTable.puts(t, put -> merged(t, put))),
        Broken.tables(7, "refuses a batch that it has seen", refusingRepeats()),
        Broken.tables(7, "applies a change anew when it is sent again", forcingRepeats()),
        Broken.tables(13, "succeeds before it applies", late()));
  }

  /** Stores everything under versions that rise, and remembers the real ones. */
  private static Broken.Opening lastWriter() {
    Map<Long, Long> real = new ConcurrentHashMap<>();
    AtomicLong last = new AtomicLong();
    return (sound, extra, metrics, clock) ->
        new SpoiledStore(
            sound.open(extra, metrics, clock),
            table ->
                SpoiledTable.found(
                    SpoiledTable.written(
                        table,
                        changes -> {
                          List<Change> rising = new ArrayList<>();
                          for (Change change : changes) {
                            long version = last.incrementAndGet();
                            real.put(version, change.version());
                            rising.add(withVersion(change, version));
                          }
                          return rising;
                        }),
                    put -> (Put) withVersion(put, real.get(put.version()))));
  }

  private static DimensionTable strictlyNewer(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream()
                .filter(
                    change -> {
                      Put current =
                          change instanceof Put put ? SpoiledTable.current(table, put) : null;
                      return current == null || current.version() != change.version();
                    })
                .toList());
  }

  private static DimensionTable floating(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream()
                .map(c -> withVersion(c, Math.min((long) (double) c.version(), Versions.MAX)))
                .toList());
  }

  private static DimensionTable lenient(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream()
                .map(c -> withVersion(c, Math.max(0, Math.min(c.version(), Versions.MAX))))
                .toList());
  }

  private static DimensionTable oneByOne(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        List<Key> blamed = new ArrayList<>();
        for (Change change : changes) {
          try {
            super.write(List.of(change)).toCompletableFuture().join();
          } catch (RuntimeException e) {
            blamed.add(change.key());
          }
        }
        return blamed.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.failedFuture(StoreException.invalid("Some", blamed));
      }
    };
  }

  private static DimensionTable nameFirst(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(changes)
            .exceptionallyCompose(
                failure -> {
                  StoreException e = StoreException.find(failure);
                  return CompletableFuture.failedFuture(
                      e.keys().isEmpty()
                          ? e
                          : StoreException.invalid(e.getMessage(), e.keys().subList(0, 1)));
                });
      }
    };
  }

  private static Broken.Opening driftingCopies() {
    return (sound, extra, metrics, clock) -> {
      DimensionStore store = sound.open(extra, metrics, clock);
      boolean[] second = {false};
      Map<Key, Put> ties = new ConcurrentHashMap<>();
      return new SpoiledStore(
          store,
          table ->
              SpoiledTable.found(
                  SpoiledTable.puts(
                      table,
                      put -> {
                        ties.putIfAbsent(put.key(), put);
                        return put;
                      }),
                  put -> {
                    second[0] = !second[0];
                    Put tie = ties.get(put.key());
                    return second[0] && tie != null && tie.version() == put.version() ? tie : put;
                  }));
    };
  }

  private static DimensionTable reduced(DimensionTable table, BinaryOperator<Change> keep) {
    return SpoiledTable.written(
        table,
        changes -> {
          Map<Key, Change> kept = new LinkedHashMap<>();
          changes.forEach(change -> kept.merge(change.key(), change, keep));
          return List.copyOf(kept.values());
        });
  }

  private static Put merged(DimensionTable table, Put put) {
    Put current = SpoiledTable.current(table, put);
    if (current == null) {
      return put;
    }
    Object[] values = new Object[put.row().size()];
    for (int i = 0; i < values.length; i++) {
      Object value = put.row().get(i);
      values[i] = value == null ? current.row().get(i) : value;
    }
    return new Put(put.key(), Row.of(values), put.version(), put.expiresAtMillis());
  }

  private static Broken.Spoiling refusingRepeats() {
    Set<List<Change>> seen = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new SpoiledTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return changes.size() < 2 || seen.add(changes)
                ? super.write(changes)
                : CompletableFuture.failedFuture(
                    new StoreException(StoreException.Kind.UNAVAILABLE, "Seen before"));
          }
        };
  }

  private static Broken.Spoiling forcingRepeats() {
    Set<Change> seen = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        SpoiledTable.puts(
            table,
            put -> {
              Put current = SpoiledTable.current(table, put);
              return seen.add(put) || current == null
                  ? put
                  : (Put) withVersion(put, current.version() + 1);
            });
  }

  private static Broken.Spoiling late() {
    return (table, clock) ->
        new SpoiledTable(table) {
          private List<Change> waiting = List.of();

          @Override
          public synchronized CompletionStage<Void> write(List<Change> changes) {
            List<Change> next = waiting;
            waiting = changes;
            return super.write(next);
          }
        };
  }

  /** Writes through another opening, which has the default bound. */
  static Broken.Opening unbounded() {
    return (sound, extra, metrics, clock) -> {
      Map<String, String> free = new HashMap<>(extra);
      free.remove("max-pending");
      DimensionStore writing = sound.open(free, metrics, clock);
      return new SpoiledStore(sound.open(extra, metrics, clock), table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DimensionTable unbounded = writing.table(spec);
          return new SpoiledTable(super.table(spec)) {
            @Override
            public CompletionStage<Void> write(List<Change> changes) {
              return unbounded.write(changes);
            }
          };
        }
      };
    };
  }

  static Change withVersion(Change change, long version) {
    return change instanceof Put put
        ? new Put(put.key(), put.row(), version, put.expiresAtMillis())
        : new Delete(change.key(), version);
  }
}
