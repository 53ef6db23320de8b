// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the old store, sized as the new one would hold them.
 *
 * @param rows number of rows and tombstones that were read
 * @param bytes their size in the new store, 0 if it cannot compute sizes
 * @param refused examples of rows that one of the stores refuses, each with the reason
 * @param foreign when other programs wrote the rows that they were the last to write; null if the
 *     old store cannot tell
 * @param sinceStart the rows and tombstones that were written since the writes to both stores
 *     began; empty if they have not begun
 */
record SampledRows(
    long rows,
    long bytes,
    List<String> refused,
    @Nullable List<Instant> foreign,
    List<Change> sinceStart) {

  private static final int PAGE = 1_000;
  private static final int MOST_REPORTED = 10;

  /** Programs may write only a part of the table, so the sample is taken from several. */
  private static final int SPLITS = 16;

  /**
   * Reads up to {@code most} rows.
   *
   * @param start when the writes to both stores began; null if they have not
   */
  static SampledRows read(MigrationTables.Pair tables, int most, @Nullable Instant start)
      throws InterruptedException {
    try (DimensionStore from = tables.from().open();
        DimensionStore to = tables.to().open()) {
      TableSpec spec = tables.from().spec();
      DimensionTable source = from.table(spec);
      Optional<Sizing> sizing = to.table(tables.to().spec()).capability(Sizing.class);
      Optional<ForeignWrites> writes = source.capability(ForeignWrites.class);
      long rows = 0;
      long bytes = 0;
      List<String> refused = new ArrayList<>();
      List<Instant> foreign = new ArrayList<>();
      List<Change> sinceStart = new ArrayList<>();
      Instant now = Instant.now();
      Deque<ScanSplit> open =
          new ArrayDeque<>(
              StoreCalls.await(
                  source.splits(SPLITS, new ScanOptions(spec.all(), null, null, true))));
      int share = Math.max(1, Math.min(PAGE, most / Math.max(1, open.size())));
      while (!open.isEmpty() && rows < most) {
        int wanted = (int) Math.min(share, most - rows);
        ScanPage page = StoreCalls.await(source.scan(open.remove(), wanted));
        if (page.remaining() != null) {
          open.add(page.remaining());
        }
        for (UnreadableRow row : page.unreadable()) {
          report(refused, "unreadable: " + row.reason());
        }
        for (Change change : page.changes()) {
          rows++;
          bytes += size(sizing.orElse(null), change, refused);
          if (start != null && RowsSinceStart.isSince(change, start, now)) {
            sinceStart.add(change);
          }
        }
        if (writes.isPresent() && !page.changes().isEmpty()) {
          List<Key> keys = page.changes().stream().map(Change::key).toList();
          StoreCalls.await(writes.get().foreignWrites(keys)).stream()
              .filter(Objects::nonNull)
              .forEach(foreign::add);
        }
      }
      return new SampledRows(
          rows,
          bytes,
          List.copyOf(refused),
          writes.isPresent() ? List.copyOf(foreign) : null,
          List.copyOf(sinceStart));
    }
  }

  /** Returns the newest write of another program; empty if none is known. */
  Optional<Instant> newestForeign() {
    return foreign == null ? Optional.empty() : foreign.stream().max(Comparator.naturalOrder());
  }

  /** Returns how many rows other programs wrote last, after a moment. */
  long foreignAfter(Instant moment) {
    return foreign == null ? 0 : foreign.stream().filter(moment::isBefore).count();
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

  /** Returns for people how many rows other programs wrote last. */
  String foreignText() {
    return foreign == null
        ? "the old store cannot tell which rows other programs wrote"
        : String.format(
            Locale.ROOT, "%,d of them were last written by other programs", foreign.size());
  }
}
