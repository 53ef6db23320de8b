// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores whose scans are wrong. */
final class BrokenScans {

  private static final int MANY = 16;

  private BrokenScans() {}

  static List<Broken> all() {
    return List.of(
        splits(Clause.R9A, "loses the last of many splits", all -> all.subList(0, all.size() - 1)),
        splits(Clause.R9A, "repeats the first of many splits", BrokenScans::firstTwice),
        Broken.tables(Clause.R9B, "continues at an offset", counting()),
        Broken.tables(Clause.R9C, "keeps its position in memory", (t, c) -> remembering(t)),
        asking(
            Clause.R9D,
            "includes the end of a key range",
            o -> new ScanOptions(o.columns(), o.from(), past(o.to()), o.tombstones())),
        asking(
            Clause.R9E,
            "reads columns in the table's order",
            o -> new ScanOptions(inOrder(o.columns()), o.from(), o.to(), o.tombstones())),
        Broken.tables(Clause.R9F, "returns more entries than requested", (t, c) -> overfull(t)),
        Broken.tables(
            Clause.R9G,
            "leaves out rows that it cannot decode",
            (t, c) -> pages(t, BrokenScans::quiet)),
        Broken.tables(Clause.R9H, "accepts any text as a split", (t, c) -> credulous(t)),
        Broken.served(
            Clause.R9I, "loses a row after partitions have moved", BrokenScans::disturbed));
  }

  private static ScanPage quiet(ScanPage page) {
    return new ScanPage(page.changes(), page.remaining());
  }

  private static List<ScanSplit> firstTwice(List<ScanSplit> splits) {
    List<ScanSplit> repeated = new ArrayList<>(splits);
    repeated.add(splits.get(0));
    return repeated;
  }

  private static DimensionTable pages(DimensionTable table, UnaryOperator<ScanPage> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries).thenApply(breaking);
      }
    };
  }

  /** Changes the splits of scans with many desired splits. */
  private static Broken splits(Clause clause, String how, UnaryOperator<List<ScanSplit>> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
                return super.splits(desired, options)
                    .thenApply(all -> desired < MANY ? all : breaking.apply(all));
              }
            });
  }

  private static Broken asking(Clause clause, String how, UnaryOperator<ScanOptions> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
                return super.splits(desired, breaking.apply(options));
              }
            });
  }

  private static Key past(Key end) {
    return end != null && end.size() == 1 && end.get(0) instanceof String text
        ? Key.of(text + "\u0000")
        : end;
  }

  private static Projection inOrder(Projection columns) {
    int[] indexes = new int[columns.size()];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = columns.index(i);
    }
    Arrays.sort(indexes);
    return Projection.of(indexes);
  }

  /** Starts each page from the beginning and skips as many rows as the earlier pages had. */
  private static Broken.Breaking counting() {
    ConcurrentHashMap<String, ScanSplit> starts = new ConcurrentHashMap<>();
    ConcurrentHashMap<String, Integer> places = new ConcurrentHashMap<>();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
            // Only the test of R9b uses this page size; it writes between pages.
            if (maxEntries != 5) {
              return super.scan(split, maxEntries);
            }
            ScanSplit start = starts.getOrDefault(split.token(), split);
            int past = places.getOrDefault(split.token(), 0);
            return super.scan(start, past + maxEntries)
                .thenApply(
                    page -> {
                      List<Change> all = page.changes();
                      if (page.remaining() != null) {
                        starts.put(page.remaining().token(), start);
                        places.put(page.remaining().token(), past + maxEntries);
                      }
                      return new ScanPage(
                          all.subList(Math.min(past, all.size()), all.size()),
                          past == 0 ? page.unreadable() : List.of(),
                          page.remaining());
                    });
          }
        };
  }

  /** Drops the first row of a page if partitions have moved since the split was taken. */
  private static DimensionTable disturbed(DimensionTable table, SimulatedServer server) {
    ConcurrentHashMap<String, Integer> taken = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return super.splits(desired, options)
            .thenApply(
                splits -> {
                  splits.forEach(split -> taken.put(split.token(), server.reorganised()));
                  return splits;
                });
      }

      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        int now = server.reorganised();
        boolean moved = taken.getOrDefault(split.token(), now) != now;
        return super.scan(split, maxEntries)
            .thenApply(
                page -> {
                  if (page.remaining() != null) {
                    taken.put(page.remaining().token(), now);
                  }
                  List<Change> changes = page.changes();
                  return new ScanPage(
                      moved && !changes.isEmpty() ? changes.subList(1, changes.size()) : changes,
                      page.unreadable(),
                      page.remaining());
                });
      }
    };
  }

  private static DimensionTable overfull(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries + 1);
      }
    };
  }

  /** Returns the same token with every page, and keeps the real position in memory. */
  private static DimensionTable remembering(DimensionTable table) {
    ConcurrentHashMap<ScanSplit, ScanSplit> positions = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(positions.getOrDefault(split, split), maxEntries)
            .thenApply(
                page -> {
                  if (page.remaining() == null) {
                    positions.remove(split);
                    return page;
                  }
                  positions.put(split, page.remaining());
                  return new ScanPage(page.changes(), page.unreadable(), split);
                });
      }
    };
  }

  private static DimensionTable credulous(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries)
            .exceptionallyCompose(
                failure ->
                    StoreException.find(failure).kind() == StoreException.Kind.INVALID
                        ? CompletableFuture.completedFuture(new ScanPage(List.of(), null))
                        : CompletableFuture.failedFuture(failure));
      }
    };
  }
}
