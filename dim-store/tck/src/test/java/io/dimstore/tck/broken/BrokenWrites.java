// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.Versions;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.simulated.CopiedTable;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BinaryOperator;

/** Stores whose writes are wrong: versions, batches and whole rows. */
final class BrokenWrites {

  private static final int CONTENDED = 5;

  private BrokenWrites() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(Clause.R3A, "lets an older put replace a newer row", (t, c) -> backwards(t))
            .showsAlsoIn(
                "tests of these clauses also write an older put over a newer row",
                Clause.R3D,
                Clause.R3F,
                Clause.R4B,
                Clause.R7B,
                Clause.R7C,
                Clause.F1C)
            .mayShowIn(
                "tests of these clauses also write an older put over a newer row", Clause.F2B),
        Broken.tables(Clause.R3A, "drops a batch that has a superseded change", (t, c) -> wholly(t))
            .showsAlsoIn(
                "tests of these clauses also write batches with superseded and other changes",
                Clause.R3F,
                Clause.R4B,
                Clause.R7C),
        Broken.tables(
            Clause.R3A,
            "decides once for two puts of one version whether they are superseded",
            (t, c) -> DelegatingTable.written(t, changes -> together(t, changes))),
        Broken.tables(
            Clause.R3B,
            "ignores a put of equal version that differs in one column",
            (t, c) -> same(t)),
        Broken.tables(Clause.R3C, "keeps two copies that decide ties differently", drifting()),
        Broken.tables(Clause.R3D, "compares versions as floating point", (t, c) -> floating(t)),
        Broken.tables(Clause.R3E, "accepts any number as a version", (t, c) -> lenient(t)),
        Broken.tables(
                Clause.R3E, "applies the valid part of an invalid batch", (t, c) -> oneByOne(t))
            .showsAlsoIn(
                "R11c also tests that nothing of an invalid write is applied", Clause.R11C),
        Broken.tables(Clause.R3F, "loses concurrent writes", (t, c) -> losing(t)),
        Broken.tables(
            Clause.R5A, "keeps the last change of each key in a batch", (t, c) -> last(t)),
        Broken.tables(
            Clause.R5B,
            "keeps the first of equal versions in a batch",
            (t, c) -> reduced(t, (held, next) -> next.version() > held.version() ? next : held)),
        Broken.tables(
            Clause.R6A,
            "keeps the old value if the last column is null",
            (t, c) -> DelegatingTable.puts(t, put -> merged(t, put))),
        Broken.tables(
                Clause.R6B,
                "reports a row of nulls as absent",
                (t, c) -> DelegatingTable.found(t, BrokenWrites::unlessAllNull))
            .showsAlsoIn(
                "R10b reads a row of nulls, R10c a projection whose columns are null",
                Clause.R10B,
                Clause.R10C),
        Broken.tables(
            Clause.R6B,
            "reports a row as absent if only a null column is read",
            (t, c) -> alone(t)),
        Broken.tables(
            Clause.R6C,
            "keeps the expiry of the replaced row",
            (t, c) -> DelegatingTable.puts(t, put -> lasting(t, put))),
        Broken.tables(Clause.R7A, "treats a batch sent twice as newer", repeating()),
        Broken.tables(Clause.R7B, "applies a batch again when it is sent again", forcing()),
        Broken.tables(Clause.R7C, "treats a failed batch as applied", optimistic()),
        Broken.tables(
            Clause.R7C,
            "does not resend rows through the same store",
            (t, c) -> optimistic().wrap(t, c)),
        Broken.served(Clause.R7D, "copies changes that were not applied", (t, s) -> hasty(t, s)),
        Broken.served(
            Clause.R7D, "leaves the copies of a write that failed", (t, s) -> negligent(t, s)));
  }

  private static DimensionTable negligent(DimensionTable table, SimulatedServer server) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        List<Put> before = copies.copiesOf(changes.stream().map(Change::key).toList());
        return super.write(changes)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null && server.simulates(Provocation.HALF_WRITES)) {
                    copies.fill(before);
                  }
                });
      }
    };
  }

  /** If one of two puts of one version is newer than its row, applies both. */
  private static List<Change> together(DimensionTable table, List<Change> changes) {
    if (changes.size() != 2
        || changes.get(0).version() != changes.get(1).version()
        || changes.stream().allMatch(change -> isSuperseded(table, change))) {
      return changes;
    }
    return changes.stream()
        .map(
            change ->
                isSuperseded(table, change)
                    ? withVersion(change, DelegatingTable.current(table, (Put) change).version())
                    : change)
        .toList();
  }

  private static DimensionTable hasty(DimensionTable table, SimulatedServer server) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(changes)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null && server.simulates(Provocation.HALF_WRITES)) {
                    copies.fill(
                        changes.stream()
                            .filter(Put.class::isInstance)
                            .map(Put.class::cast)
                            .toList());
                  }
                });
      }
    };
  }

  private static DimensionTable backwards(DimensionTable table) {
    Map<Key, Put> real = new ConcurrentHashMap<>();
    return DelegatingTable.found(
        DelegatingTable.puts(
            table,
            put -> {
              Put current = DelegatingTable.current(table, put);
              if (current == null || current.version() <= put.version()) {
                real.remove(put.key());
                return put;
              }
              real.put(put.key(), put);
              return (Put) withVersion(put, current.version());
            }),
        put -> {
          Put written = real.get(put.key());
          return written != null && written.row().equals(put.row()) ? written : put;
        });
  }

  private static DimensionTable wholly(DimensionTable table) {
    return DelegatingTable.written(
        table,
        changes ->
            changes.stream().anyMatch(change -> isSuperseded(table, change)) ? List.of() : changes);
  }

  private static boolean isSuperseded(DimensionTable table, Change change) {
    Put current = change instanceof Put put ? DelegatingTable.current(table, put) : null;
    return current != null && current.version() > change.version();
  }

  private static DimensionTable same(DimensionTable table) {
    return DelegatingTable.written(
        table,
        changes ->
            changes.stream()
                .filter(change -> !(change instanceof Put put && isNearlyThere(table, put)))
                .toList());
  }

  private static boolean isNearlyThere(DimensionTable table, Put put) {
    Put current = DelegatingTable.current(table, put);
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

  /** After two writes of equal version without a read between, reads alternate between them. */
  private static Broken.Breaking drifting() {
    Map<Key, Put> unread = new ConcurrentHashMap<>();
    Map<Key, Put> ties = new ConcurrentHashMap<>();
    boolean[] second = {false};
    return (table, clock) ->
        new DelegatingTable(table) {
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
                        DelegatingTable.each(
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
    return DelegatingTable.written(
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
    return DelegatingTable.written(
        table,
        changes ->
            changes.stream()
                .map(c -> withVersion(c, Math.max(0, Math.min(c.version(), Versions.MAX))))
                .toList());
  }

  private static DimensionTable oneByOne(DimensionTable table) {
    return new DelegatingTable(table) {
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

  /** After some superseded writes without a read between, drops newer writes. */
  private static DimensionTable losing(DimensionTable table) {
    ThreadLocal<Integer> contended = ThreadLocal.withInitial(() -> 0);
    return new DelegatingTable(table) {
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
    return DelegatingTable.written(
        table,
        changes -> {
          Map<Key, Change> kept = new LinkedHashMap<>();
          changes.forEach(change -> kept.merge(change.key(), change, keep));
          return List.copyOf(kept.values());
        });
  }

  private static Put merged(DimensionTable table, Put put) {
    int last = put.row().size() - 1;
    Put current = put.row().get(last) == null ? DelegatingTable.current(table, put) : null;
    // R6b tests rows of nulls.
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

  /** Reports a row of version 2 as absent if only its first column is read and is null. */
  private static DimensionTable alone(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        boolean first = columns.size() == 1 && columns.index(0) == 0 && keys.size() == 1;
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    DelegatingTable.each(
                        rows,
                        row ->
                            first && row.version() == 2 && row.row().get(0) == null ? null : row));
      }
    };
  }

  private static Put lasting(DimensionTable table, Put put) {
    Put current = put.expiresAtMillis() == Put.NEVER ? DelegatingTable.current(table, put) : null;
    return current == null
        ? put
        : new Put(put.key(), put.row(), put.version(), current.expiresAtMillis());
  }

  /** Increases the versions of a batch with deletes that is written twice in a row. */
  private static Broken.Breaking repeating() {
    AtomicReference<List<Change>> before = new AtomicReference<>(List.of());
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            boolean deletes = changes.stream().anyMatch(Delete.class::isInstance);
            List<Change> last = before.getAndSet(List.of());
            boolean again = deletes && changes.size() > 1 && changes.equals(last);
            return super.write(again ? newer(changes) : changes).thenRun(() -> before.set(changes));
          }

          private List<Change> newer(List<Change> changes) {
            return changes.stream()
                .map(c -> c instanceof Put ? withVersion(c, c.version() + 1) : c)
                .toList();
          }
        };
  }

  private static Broken.Breaking forcing() {
    Set<List<Change>> applied = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            List<Change> forced = new ArrayList<>();
            for (Change change : changes) {
              Put current = change instanceof Put put ? DelegatingTable.current(table, put) : null;
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

  private static Broken.Breaking optimistic() {
    Set<Change> failed = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new DelegatingTable(table) {
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
