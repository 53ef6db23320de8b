// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the old store, sized as the new one would hold them.
 *
 * @param rows number of rows and tombstones that were read
 * @param bytes their size in the new store, 0 if it cannot compute sizes
 * @param refused examples of rows that one of the stores refuses, each with the reason
 */
record SampledRows(long rows, long bytes, List<String> refused) {

  private static final int PAGE = 1_000;
  private static final int MOST_REPORTED = 10;

  /** Reads up to {@code most} rows. */
  static SampledRows read(MigrationTables.Pair tables, int most) throws InterruptedException {
    try (DimensionStore from = tables.from().open();
        DimensionStore to = tables.to().open()) {
      TableSpec spec = tables.from().spec();
      DimensionTable source = from.table(spec);
      Optional<Sizing> sizing = to.table(tables.to().spec()).capability(Sizing.class);
      long rows = 0;
      long bytes = 0;
      List<String> refused = new ArrayList<>();
      List<ScanSplit> splits =
          StoreCalls.await(source.splits(1, new ScanOptions(spec.all(), null, null, true)));
      for (ScanSplit split : splits) {
        ScanSplit rest = split;
        while (rest != null && rows < most) {
          ScanPage page = StoreCalls.await(source.scan(rest, PAGE));
          rest = page.remaining();
          for (UnreadableRow row : page.unreadable()) {
            report(refused, "unreadable: " + row.reason());
          }
          for (Change change : page.changes()) {
            rows++;
            bytes += size(sizing.orElse(null), change, refused);
          }
        }
      }
      return new SampledRows(rows, bytes, List.copyOf(refused));
    }
  }

  private static long size(@Nullable Sizing sizing, Change change, List<String> refused) {
    if (sizing == null) {
      return 0;
    }
    try {
      return sizing.sizeOf(change).bytes();
    } catch (StoreException e) {
      report(refused, "refused by the new store: " + e.getMessage());
      return 0;
    }
  }

  private static void report(List<String> refused, String why) {
    if (refused.size() < MOST_REPORTED) {
      refused.add(why);
    }
  }

  /** Returns the figures for people. */
  String text() {
    return rows == 0
        ? "both stores answer; the table is empty"
        : String.format(
            Locale.ROOT,
            "both stores answer; %,d rows sampled, %,d bytes each in the new store",
            rows,
            bytes / rows);
  }
}
