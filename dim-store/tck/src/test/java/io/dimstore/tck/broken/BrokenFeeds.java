// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores whose change feed is wrong. */
final class BrokenFeeds {

  private BrokenFeeds() {}

  static List<Broken> all() {
    return List.of(
        polled(Clause.F1A, "loses the last change of a page", 50, BrokenFeeds::butLast),
        Broken.tables(
            Clause.F1B, "returns the latest positions for EARLIEST", (t, c) -> beginning(t)),
        Broken.tables(Clause.F1C, "returns superseded deletes", (t, c) -> echoing(t)),
        polled(Clause.F2A, "reverses pages", 5, BrokenFeeds::reversed),
        polled(Clause.F2B, "reverses pages while many write", 20, BrokenFeeds::reversed),
        Broken.tables(Clause.F3A, "returns each change only once", (t, c) -> once(t)),
        Broken.tables(Clause.F3B, "keeps positions in memory", (t, c) -> remembering(t)),
        Broken.tables(Clause.F3C, "returns more changes than requested", (t, c) -> overfull(t)),
        polled(
            Clause.F4A,
            "truncates times to microseconds",
            1_000,
            all -> each(all, BrokenFeeds::coarse)),
        polled(Clause.F4B, "loses the expiry", 10, BrokenFeeds::lasting),
        Broken.tables(
            Clause.F4B,
            "returns expired rows as deletes",
            (t, c) -> changes(t, all -> each(all, x -> ended(x, c.millis())))),
        failing(Clause.F5A, "skips dropped changes silently", StoreException.Kind.NO_TABLE),
        failing(Clause.F5B, "accepts any text as a position", StoreException.Kind.INVALID),
        Broken.tables(
            Clause.F5C, "follows a table that does not exist", (t, c) -> nowhere(t, false)),
        Broken.tables(
            Clause.F5E, "follows a table whose changes are not kept", (t, c) -> nowhere(t, true)),
        Broken.served(Clause.F2C, "reverses pages after partitions have moved", BrokenFeeds::moved),
        failing(Clause.F5D, "answers after close", StoreException.Kind.CLOSED));
  }

  /** Changes pages that were requested with this size. */
  private static Broken polled(
      Clause clause, String how, int maxChanges, UnaryOperator<List<Change>> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<FeedPage> poll(FeedPosition position, int most) {
                return super.poll(position, most)
                    .thenApply(
                        page ->
                            most != maxChanges
                                ? page
                                : new FeedPage(
                                    breaking.apply(page.changes()),
                                    page.unreadable(),
                                    page.next()));
              }
            });
  }

  /** Returns an empty page instead of failures of this kind. */
  private static Broken failing(Clause clause, String how, StoreException.Kind kind) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
                return super.poll(position, maxChanges)
                    .exceptionallyCompose(
                        failure -> {
                          StoreException known = StoreException.find(failure);
                          return known != null && known.kind() == kind
                              ? CompletableFuture.completedFuture(
                                  new FeedPage(List.of(), List.of(), List.of(position)))
                              : CompletableFuture.failedFuture(failure);
                        });
              }
            });
  }

  private static Change coarse(Change change) {
    if (!(change instanceof Put put)) {
      return change;
    }
    Object[] values = new Object[put.row().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          put.row().get(i) instanceof Instant time
              ? time.truncatedTo(ChronoUnit.MICROS)
              : put.row().get(i);
    }
    return new Put(put.key(), Row.of(values), put.version(), put.expiresAtMillis());
  }

  private static List<Change> butLast(List<Change> changes) {
    return changes.size() < 2 ? changes : changes.subList(0, changes.size() - 1);
  }

  private static List<Change> reversed(List<Change> changes) {
    List<Change> reversed = new ArrayList<>(changes);
    Collections.reverse(reversed);
    return reversed;
  }

  private static List<Change> lasting(List<Change> changes) {
    return each(
        changes, x -> x instanceof Put put ? new Put(put.key(), put.row(), put.version()) : x);
  }

  private static Change ended(Change change, long now) {
    return change instanceof Put put && put.isExpiredAt(now)
        ? new Delete(put.key(), put.version())
        : change;
  }

  private static List<Change> each(List<Change> changes, UnaryOperator<Change> breaking) {
    return changes.stream().map(breaking).toList();
  }

  private static DimensionTable changes(
      DimensionTable table, UnaryOperator<List<Change>> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .thenApply(
                page ->
                    new FeedPage(breaking.apply(page.changes()), page.unreadable(), page.next()));
      }
    };
  }

  private static DimensionTable beginning(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<FeedPosition>> follow(Start start) {
        return super.follow(Start.LATEST);
      }
    };
  }

  private static DimensionTable moved(DimensionTable table, SimulatedServer server) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .thenApply(
                page ->
                    maxChanges != 6 || server.reorganised() == 0
                        ? page
                        : new FeedPage(reversed(page.changes()), page.unreadable(), page.next()));
      }
    };
  }

  /** Returns a position instead of NO_TABLE, for tables that exist or for those that do not. */
  private static DimensionTable nowhere(DimensionTable table, boolean exists) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<FeedPosition>> follow(Start start) {
        return super.follow(start)
            .exceptionallyCompose(
                failure ->
                    StoreException.find(failure).kind() == StoreException.Kind.NO_TABLE
                            && exists == String.valueOf(failure).contains("keeps no changes")
                        ? CompletableFuture.completedFuture(List.of(new FeedPosition("nowhere")))
                        : CompletableFuture.failedFuture(failure));
      }
    };
  }

  /** Returns each superseded delete with the next page. */
  private static DimensionTable echoing(DimensionTable table) {
    Set<Change> superseded = ConcurrentHashMap.newKeySet();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        for (Change change : changes) {
          Put current = DelegatingTable.current(table, change.key(), Projection.of());
          if (change instanceof Delete && current != null && current.version() > change.version()) {
            superseded.add(change);
          }
        }
        return super.write(changes);
      }

      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .thenApply(
                page -> {
                  List<Change> all = new ArrayList<>(page.changes());
                  all.addAll(superseded);
                  superseded.clear();
                  return new FeedPage(all, page.unreadable(), page.next());
                });
      }
    };
  }

  private static DimensionTable once(DimensionTable table) {
    Set<Change> returned = ConcurrentHashMap.newKeySet();
    return changes(table, all -> all.stream().filter(returned::add).toList());
  }

  /** Returns the polled position as the next one, and keeps the real position in memory. */
  private static DimensionTable remembering(DimensionTable table) {
    ConcurrentHashMap<FeedPosition, FeedPosition> real = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        // Only the test of F3b uses this page size.
        if (maxChanges != 3) {
          return super.poll(position, maxChanges);
        }
        return super.poll(real.getOrDefault(position, position), maxChanges)
            .thenApply(
                page -> {
                  real.put(position, page.next().get(0));
                  return new FeedPage(page.changes(), page.unreadable(), List.of(position));
                });
      }
    };
  }

  private static DimensionTable overfull(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges < 1 ? maxChanges : maxChanges + 1);
      }
    };
  }
}
