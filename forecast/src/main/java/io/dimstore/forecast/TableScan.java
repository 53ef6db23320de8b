// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.cli.Progress;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Reads the rows of a table in any store. */
final class TableScan {

  private static final int PAGE = 1_000;
  private static final int SPLITS = 16;

  private final Sizing sizing;
  private final Progress progress;
  private final Sizes bytes = new Sizes();
  private long items;
  private long tombstones;
  private long refused;
  private double readUnits;
  private double writeUnits;

  TableScan(Sizing sizing, Progress progress) {
    this.sizing = sizing;
    this.progress = progress;
  }

  /** Reads at most {@code limit} entries, spread evenly over the splits. */
  Observed observe(String source, DimensionStore store, TableSpec spec, long limit) {
    DimensionTable table = store.table(spec);
    var options = new ScanOptions(spec.all(), null, null, true);
    var splits = await(table.splits(SPLITS, options));
    boolean whole = true;
    long left = limit;
    for (int i = 0; i < splits.size(); i++) {
      // If a split has fewer entries than its share, the next splits share the remainder.
      long share = (left + splits.size() - i - 1) / (splits.size() - i);
      ScanSplit rest = splits.get(i);
      while (rest != null && share > 0) {
        ScanPage page = await(table.scan(rest, (int) Math.min(PAGE, share)));
        page.changes().forEach(this::add);
        refused += page.unreadable().size();
        share -= page.changes().size();
        left -= page.changes().size();
        rest = page.remaining();
      }
      whole &= rest == null;
    }
    if (items + tombstones == 0) {
      throw new UnusableInputException(
          refused == 0
              ? source + " has no rows"
              : String.format(
                  Locale.ROOT,
                  "none of the %,d rows of %s can be read and stored in DynamoDB",
                  refused,
                  source));
    }
    return new Observed(
        source, items, tombstones, whole, bytes, readUnits, writeUnits, items, null, refused);
  }

  private void add(Change change) {
    Sizing.Size size;
    try {
      size = sizing.sizeOf(change);
    } catch (StoreException e) {
      refused++;
      return;
    }
    bytes.add(size.bytes());
    if (change instanceof Delete) {
      tombstones++;
    } else {
      items++;
      readUnits += size.readUnits();
      writeUnits += size.writeUnits();
    }
    progress.update("rows", bytes.count(), -1);
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      throw known == null ? e : known;
    }
  }
}
