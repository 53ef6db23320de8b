package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Stores whose scan is wrong. */
final class BrokenScans {

  private static final int COLUMNS = 3;

  private BrokenScans() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(9, "loses the last row of a page", (t, c) -> pages(t, BrokenScans::butLast)),
        Broken.tables(9, "repeats a split", (t, c) -> splits(t, BrokenScans::firstTwice)),
        Broken.tables(9, "loses a split", (t, c) -> splits(t, all -> all.subList(0, 1))),
        Broken.tables(9, "fills pages with more than asked for", (t, c) -> overfull(t)),
        Broken.tables(
            9,
            "reads the whole table for a range",
            (t, c) -> asking(t, o -> new ScanOptions(o.columns(), null, null, o.tombstones()))),
        Broken.tables(
            9,
            "reads all columns for some",
            (t, c) ->
                asking(
                    t,
                    o ->
                        new ScanOptions(
                            Projection.all(COLUMNS), o.from(), o.to(), o.tombstones()))),
        Broken.tables(9, "keeps its position in memory", (t, c) -> remembering(t)),
        Broken.tables(9, "leaves out what it cannot read", (t, c) -> pages(t, BrokenScans::quiet)),
        Broken.tables(9, "takes any text for a split", (t, c) -> credulous(t)));
  }

  private static ScanPage butLast(ScanPage page) {
    List<Change> changes = page.changes();
    return changes.size() < 2
        ? page
        : new ScanPage(changes.subList(0, changes.size() - 1), page.unreadable(), page.remaining());
  }

  private static ScanPage quiet(ScanPage page) {
    return new ScanPage(page.changes(), page.remaining());
  }

  private static List<ScanSplit> firstTwice(List<ScanSplit> splits) {
    List<ScanSplit> repeated = new ArrayList<>(splits);
    repeated.add(splits.get(0));
    return repeated;
  }

  private static DimensionTable pages(DimensionTable table, UnaryOperator<ScanPage> spoiling) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries).thenApply(spoiling);
      }
    };
  }

  private static DimensionTable splits(
      DimensionTable table, UnaryOperator<List<ScanSplit>> spoiling) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return super.splits(desired, options).thenApply(spoiling);
      }
    };
  }

  private static DimensionTable asking(DimensionTable table, UnaryOperator<ScanOptions> spoiling) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return super.splits(desired, spoiling.apply(options));
      }
    };
  }

  private static DimensionTable overfull(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries + 1);
      }
    };
  }

  /** Gives every page the token of its split, and knows itself where it is. */
  private static DimensionTable remembering(DimensionTable table) {
    ConcurrentHashMap<ScanSplit, ScanSplit> positions = new ConcurrentHashMap<>();
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(positions.getOrDefault(split, split), maxEntries)
            .thenApply(
                page -> {
                  if (page.remaining() == null) {
                    return page;
                  }
                  positions.put(split, page.remaining());
                  return new ScanPage(page.changes(), page.unreadable(), split);
                });
      }
    };
  }

  private static DimensionTable credulous(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries)
            .exceptionally(failure -> new ScanPage(List.of(), null));
      }
    };
  }
}
