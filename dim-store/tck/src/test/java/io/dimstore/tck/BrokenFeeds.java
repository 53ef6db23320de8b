package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
        Broken.tables(
            "F1", "loses the last change of a page", (t, c) -> changes(t, BrokenFeeds::butLast)),
        Broken.tables("F1", "tells of no deletes", (t, c) -> changes(t, BrokenFeeds::puts)),
        Broken.tables(
            "F1", "begins at the end for the earliest", (t, c) -> beginning(t, Start.LATEST)),
        Broken.tables("F1", "tells of superseded writes", (t, c) -> echoing(t)),
        Broken.tables("F2", "turns pages around", (t, c) -> changes(t, BrokenFeeds::reversed)),
        Broken.tables("F3", "forgets what was polled once", (t, c) -> once(t)),
        Broken.tables("F3", "keeps positions in memory", (t, c) -> remembering(t)),
        Broken.tables("F3", "fills pages with more than asked for", (t, c) -> overfull(t)),
        Broken.tables("F4", "loses the expiry", (t, c) -> changes(t, BrokenFeeds::lasting)),
        Broken.tables(
            "F4",
            "tells of deletes without a version",
            (t, c) -> changes(t, BrokenFeeds::unversioned)),
        Broken.tables(
            "F4",
            "tells of expired rows as deletes",
            (t, c) -> changes(t, all -> each(all, x -> ended(x, c.millis())))),
        Broken.tables("F5", "goes on silently where changes were dropped", (t, c) -> silent(t)),
        Broken.tables("F5", "takes any text for a position", (t, c) -> credulous(t)));
  }

  private static List<Change> butLast(List<Change> changes) {
    return changes.size() < 2 ? changes : changes.subList(0, changes.size() - 1);
  }

  private static List<Change> puts(List<Change> changes) {
    return changes.stream().filter(Put.class::isInstance).toList();
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

  private static List<Change> unversioned(List<Change> changes) {
    return each(changes, x -> x instanceof Delete ? new Delete(x.key(), 0) : x);
  }

  private static Change ended(Change change, long now) {
    return change instanceof Put put && put.isExpiredAt(now)
        ? new Delete(put.key(), put.version())
        : change;
  }

  private static List<Change> each(List<Change> changes, UnaryOperator<Change> spoiling) {
    return changes.stream().map(spoiling).toList();
  }

  private static DimensionTable changes(
      DimensionTable table, UnaryOperator<List<Change>> spoiling) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .thenApply(
                page ->
                    new FeedPage(spoiling.apply(page.changes()), page.unreadable(), page.next()));
      }
    };
  }

  private static DimensionTable beginning(DimensionTable table, Start always) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<FeedPosition>> follow(Start start) {
        return super.follow(always);
      }
    };
  }

  /** Tells of each write that it was asked for after the next page, applied or not. */
  private static DimensionTable echoing(DimensionTable table) {
    Set<Change> asked = ConcurrentHashMap.newKeySet();
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        asked.addAll(changes);
        return super.write(changes);
      }

      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .thenApply(
                page -> {
                  Set<Change> rest = new HashSet<>(asked);
                  page.changes().forEach(rest::remove);
                  asked.clear();
                  List<Change> all = new ArrayList<>(page.changes());
                  all.addAll(rest);
                  return new FeedPage(all, page.unreadable(), page.next());
                });
      }
    };
  }

  private static DimensionTable once(DimensionTable table) {
    Set<Change> told = ConcurrentHashMap.newKeySet();
    return changes(table, all -> all.stream().filter(told::add).toList());
  }

  /** Gives every page the position that was polled, and knows itself where it is. */
  private static DimensionTable remembering(DimensionTable table) {
    ConcurrentHashMap<FeedPosition, FeedPosition> real = new ConcurrentHashMap<>();
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
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
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges + 1);
      }
    };
  }

  /** Where the changes of a position are gone, begins with those that are there. */
  private static DimensionTable silent(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  return known != null && known.kind() == StoreException.Kind.NO_TABLE
                      ? super.follow(Start.EARLIEST)
                          .thenCompose(start -> super.poll(start.get(0), maxChanges))
                      : CompletableFuture.failedFuture(failure);
                });
      }
    };
  }

  private static DimensionTable credulous(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
        return super.poll(position, maxChanges)
            .exceptionallyCompose(
                failure -> {
                  StoreException known = StoreException.find(failure);
                  return known != null && known.kind() == StoreException.Kind.INVALID
                      ? CompletableFuture.completedFuture(
                          new FeedPage(List.of(), List.of(), List.of(position)))
                      : CompletableFuture.failedFuture(failure);
                });
      }
    };
  }
}
