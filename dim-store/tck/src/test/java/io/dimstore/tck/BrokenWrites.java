package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/** Stores whose write is wrong: versions, batches and whole rows. */
final class BrokenWrites {

  private static final int CONTENDED = 5;

  private BrokenWrites() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(Clause.R3A, "lets an older put replace a newer row", (t, c) -> backwards(t))
            .showsAlsoIn(
                "each of these writes an older put over a newer row: neighbouring versions, racing"
                    + " writers, a batch sent again",
                Clause.R3D,
                Clause.R3F,
                Clause.R4B,
                Clause.R7B,
                Clause.R7C,
                Clause.F1C)
            .mayShowIn(
                "each of these writes an older put over a newer row: neighbouring versions, racing"
                    + " writers, a batch sent again; a feed then tells of it",
                Clause.F2B),
        Broken.tables(Clause.R3A, "drops a batch that has a superseded change", (t, c) -> wholly(t))
            .showsAlsoIn(
                "racing batches and one sent again have superseded changes beside others",
                Clause.R3F,
                Clause.R4B,
                Clause.R7C),
        Broken.tables(
            Clause.R3B, "takes equal versions that differ little for the same", (t, c) -> same(t)),
        Broken.tables(Clause.R3C, "keeps two copies that settle ties apart", drifting()),
        Broken.tables(Clause.R3D, "compares versions as floating point", (t, c) -> floating(t)),
        Broken.tables(Clause.R3E, "takes any number for a version", (t, c) -> lenient(t)),
        Broken.tables(
                Clause.R3E, "applies the valid part of an invalid batch", (t, c) -> oneByOne(t))
            .showsAlsoIn(
                "nothing of an invalid write is applied, whatever is invalid", Clause.R11C),
        Broken.tables(Clause.R3F, "loses writes that race", (t, c) -> losing(t)),
        Broken.tables(Clause.R5A, "keeps the last of a batch", (t, c) -> last(t)),
        Broken.tables(
            Clause.R5B,
            "keeps the first of equal versions in a batch",
            (t, c) -> reduced(t, (held, next) -> next.version() > held.version() ? next : held)),
        Broken.tables(
            Clause.R6A,
            "keeps an old value under a null in the last column",
            (t, c) -> SpoiledTable.puts(t, put -> merged(t, put))),
        Broken.tables(
                Clause.R6B,
                "takes a row of nulls for absent",
                (t, c) -> SpoiledTable.found(t, BrokenWrites::unlessAllNull))
            .showsAlsoIn(
                "R10b reads a row of nulls, R10c a projection whose columns are null",
                Clause.R10B,
                Clause.R10C),
        Broken.tables(Clause.R6B, "takes a null column read alone for absent", (t, c) -> alone(t)),
        Broken.tables(
            Clause.R6C,
            "keeps the expiry of the row before",
            (t, c) -> SpoiledTable.puts(t, put -> lasting(t, put))),
        Broken.tables(Clause.R7A, "counts a batch sent twice as newer", repeating()),
        Broken.tables(Clause.R7B, "applies a batch anew when it is sent again", forcing()),
        Broken.tables(Clause.R7C, "takes a batch that failed for applied", optimistic()));
  }

  private static DimensionTable backwards(DimensionTable table) {
    Map<Key, Put> real = new ConcurrentHashMap<>();
    return SpoiledTable.found(
        SpoiledTable.puts(
            table,
            put -> {
              Put current = SpoiledTable.current(table, put);
              if (current == null || current.version() <= put.version()) {
                real.remove(put.key());
                return put;
              }
              real.put(put.key(), put);
              return (Put) withVersion(put, current.version());
            }),
        put -> {
          Put stands = real.get(put.key());
          return stands != null && stands.row().equals(put.row()) ? stands : put;
        });
  }

  private static DimensionTable wholly(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream().anyMatch(change -> isSuperseded(table, change)) ? List.of() : changes);
  }

  private static boolean isSuperseded(DimensionTable table, Change change) {
    Put current = change instanceof Put put ? SpoiledTable.current(table, put) : null;
    return current != null && current.version() > change.version();
  }

  private static DimensionTable same(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream()
                .filter(change -> !(change instanceof Put put && isNearlyThere(table, put)))
                .toList());
  }

  private static boolean isNearlyThere(DimensionTable table, Put put) {
    Put current = SpoiledTable.current(table, put);
    return current != null
        && current.version() == put.version()
        && differences(current.row(), put.row()) == 1;
  }

  private static int differences(Row one, Row other) {
    int differences = 0;
    for (int i = 0; i < one.size(); i++) {
      differences += java.util.Objects.deepEquals(one.get(i), other.get(i)) ? 0 : 1;
    }
    return differences;
  }

  /** Two writes of one version without a read between them: each read answers the other one. */
  private static Broken.Spoiling drifting() {
    Map<Key, Put> unread = new ConcurrentHashMap<>();
    Map<Key, Put> ties = new ConcurrentHashMap<>();
    boolean[] second = {false};
    return (table, clock) ->
        new SpoiledTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return super.write(changes)
                .thenRun(
                    () -> {
                      if (changes.size() == 1 && changes.get(0) instanceof Put put) {
                        remember(put);
                      }
                    });
          }

          private void remember(Put put) {
            Put before = unread.put(put.key(), put);
            if (before != null
                && before.version() == put.version()
                && differences(before.row(), put.row()) == 1) {
              ties.put(put.key(), before);
            }
          }

          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            keys.forEach(unread::remove);
            second[0] = !second[0];
            return super.get(keys, columns)
                .thenApply(
                    rows ->
                        SpoiledTable.each(
                            rows,
                            row -> {
                              Put tie = ties.get(row.key());
                              boolean drifts = second[0] && tie != null;
                              return drifts && tie.version() == row.version() ? tie : row;
                            }));
          }
        };
  }

  private static DimensionTable floating(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream()
                .map(
                    c ->
                        Versions.isValid(c.version())
                            ? withVersion(c, Math.min((long) (double) c.version(), Versions.MAX))
                            : c)
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
        return super.write(changes)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  List<Change> valid =
                      changes.stream().filter(c -> !known.keys().contains(c.key())).toList();
                  return super.write(valid)
                      .thenCompose(done -> CompletableFuture.failedFuture(failure));
                });
      }
    };
  }

  /** After some superseded writes in a row, without a read, it drops what is newer. */
  private static DimensionTable losing(DimensionTable table) {
    ThreadLocal<Integer> contended = ThreadLocal.withInitial(() -> 0);
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        List<Change> kept = new ArrayList<>();
        for (Change change : changes) {
          boolean superseded = isSuperseded(table, change);
          contended.set(contended.get() + (superseded ? 1 : 0));
          if (superseded || contended.get() < CONTENDED) {
            kept.add(change);
          }
        }
        return super.write(kept);
      }

      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        contended.set(0);
        return super.get(keys, columns);
      }
    };
  }

  private static DimensionTable last(DimensionTable table) {
    return reduced(table, (held, next) -> next);
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
    int last = put.row().size() - 1;
    Put current = put.row().get(last) == null ? SpoiledTable.current(table, put) : null;
    // A row of nulls is another clause.
    if (current == null || last != 2 || put.row().get(1) == null) {
      return put;
    }
    return new Put(
        put.key(),
        Row.of(put.row().get(0), put.row().get(1), current.row().get(last)),
        put.version(),
        put.expiresAtMillis());
  }

  private static Put unlessAllNull(Put put) {
    for (int i = 0; i < put.row().size(); i++) {
      if (put.row().get(i) != null) {
        return put;
      }
    }
    return put.row().size() == 0 ? put : null;
  }

  /** Of a row of three columns that is not null in all of them. */
  private static DimensionTable alone(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        boolean first = columns.size() == 1 && columns.index(0) == 0 && keys.size() == 1;
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    SpoiledTable.each(
                        rows,
                        row ->
                            first && row.version() == 2 && row.row().get(0) == null ? null : row));
      }
    };
  }

  private static Put lasting(DimensionTable table, Put put) {
    Put current = put.expiresAtMillis() == Put.NEVER ? SpoiledTable.current(table, put) : null;
    return current == null
        ? put
        : new Put(put.key(), put.row(), put.version(), current.expiresAtMillis());
  }

  /** Of a batch with deletes that follows on itself. */
  private static Broken.Spoiling repeating() {
    List<Change> before = new ArrayList<>();
    return (table, clock) ->
        SpoiledTable.written(
            table,
            changes -> {
              boolean deletes = changes.stream().anyMatch(Delete.class::isInstance);
              boolean again = deletes && changes.size() > 1 && changes.equals(before);
              before.clear();
              before.addAll(changes);
              return again
                  ? changes.stream()
                      .map(c -> c instanceof Put ? withVersion(c, c.version() + 1) : c)
                      .toList()
                  : changes;
            });
  }

  private static Broken.Spoiling forcing() {
    Set<List<Change>> applied = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new SpoiledTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            List<Change> forced = new ArrayList<>();
            for (Change change : changes) {
              Put current = change instanceof Put put ? SpoiledTable.current(table, put) : null;
              boolean behind = current != null && current.version() > change.version();
              forced.add(
                  behind && changes.size() > 1 && applied.contains(changes)
                      ? withVersion(change, current.version())
                      : change);
            }
            return super.write(forced).thenRun(() -> applied.add(changes));
          }
        };
  }

  private static Broken.Spoiling optimistic() {
    Set<Change> failed = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new SpoiledTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            List<Change> left = changes.stream().filter(c -> !failed.contains(c)).toList();
            return super.write(left)
                .whenComplete(
                    (done, failure) -> {
                      StoreException known = StoreException.find(failure);
                      if (known != null
                          && known.kind() == StoreException.Kind.UNAVAILABLE
                          && changes.size() > 1) {
                        failed.addAll(changes);
                      }
                    });
          }
        };
  }

  static Change withVersion(Change change, long version) {
    return change instanceof Put put
        ? new Put(put.key(), put.row(), version, put.expiresAtMillis())
        : new Delete(change.key(), version);
  }
}
