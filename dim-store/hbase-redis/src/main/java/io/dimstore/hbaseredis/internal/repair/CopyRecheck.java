// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.repair.CopyComparison.RowPair;
import io.dimstore.hbaseredis.internal.repair.EntryComparison.Differs;
import io.dimstore.hbaseredis.internal.repair.EntryComparison.NotCopied;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.ScanSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes lasting differences from those that a write in flight is about to remove.
 *
 * <p>A difference is reported if HBase and Redis each gave the same result twice, and no write
 * intent of a write in flight existed in between. A writer adds its intent before it writes to
 * HBase, and removes it after Redis has the write. Consider a write that HBase had at the first
 * read and Redis did not. Either its intent is found, or it reached Redis before the second read. A
 * write that reached HBase later changes HBase's second result.
 *
 * <p>A difference is healed by removing exactly the entry that was seen. This is always safe,
 * because Redis may lose any entry at any time. Thread-safe.
 */
final class CopyRecheck {

  private static final int MAX_READS = 4;

  /**
   * How far the clocks of writers, which date the write intents, may be behind this machine's
   * clock.
   */
  private static final long SKEW_MILLIS = 60_000;

  private final String table;
  private final CopyComparison comparison;
  private final RedisEntries redisEntries;
  private final WriteIntents intents;
  private final Meter meter;
  private final long graceMillis;

  /**
   * Creates the recheck for one table.
   *
   * @param grace the age from which on a write with a write intent is no longer in flight
   */
  CopyRecheck(
      Layout layout,
      CopyComparison comparison,
      RedisEntries redisEntries,
      WriteIntents intents,
      Meter meter,
      Duration grace) {
    this.table = layout.declaration();
    this.comparison = comparison;
    this.redisEntries = redisEntries;
    this.intents = intents;
    this.meter = meter;
    this.graceMillis = grace.toMillis();
  }

  /**
   * Reads the differing keys of a page again, up to three times, and returns the result of the
   * page.
   *
   * @param pairs the first results for the keys of the page
   * @param read the number of rows or entries that were read for it
   * @param rest the split of the next page, null at the end
   * @param heal whether to remove entries that differ
   */
  CompletableFuture<CheckPage> examine(
      List<RowPair> pairs, int read, @Nullable ScanSplit rest, boolean heal) {
    return new Page(read, rest, heal).examine(pairs);
  }

  /** Returns the row keys of the writes that are in flight. */
  private CompletableFuture<Set<byte[]>> rowsInFlight() {
    return intents
        .since(table, System.currentTimeMillis() - graceMillis - SKEW_MILLIS)
        .thenApply(
            found -> {
              Set<byte[]> rowKeys = new TreeSet<>(Bytes.BYTES_COMPARATOR);
              for (WriteIntent intent : found) {
                if (!intent.isOver()) {
                  rowKeys.addAll(intent.rowKeys());
                }
              }
              return rowKeys;
            });
  }

  /** The counts of one page. The stages of the check use it one after another. */
  private final class Page {
    private final int read;
    private final @Nullable ScanSplit rest;
    private final boolean heal;
    private final List<RowPair> confirmed = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private int examined;
    private int inStep;
    private int notCopied;
    private int changed;

    Page(int read, @Nullable ScanSplit rest, boolean heal) {
      this.read = read;
      this.rest = rest;
      this.heal = heal;
    }

    CompletableFuture<CheckPage> examine(List<RowPair> pairs) {
      examined = pairs.size();
      List<RowPair> suspects = new ArrayList<>();
      for (RowPair pair : pairs) {
        if (!countUnlessDifferent(pair)) {
          suspects.add(pair);
        }
      }
      return confirm(suspects, 1).thenCompose(done -> remove()).thenApply(done -> end());
    }

    private boolean countUnlessDifferent(RowPair pair) {
      if (pair.verdict() instanceof Differs) {
        return false;
      }
      if (pair.verdict() instanceof NotCopied) {
        notCopied++;
      } else {
        inStep++;
      }
      return true;
    }

    private CompletableFuture<Void> confirm(List<RowPair> suspects, int reads) {
      if (suspects.isEmpty() || reads == MAX_READS) {
        changed += suspects.size();
        return CompletableFuture.completedFuture(null);
      }
      return rowsInFlight()
          .thenCompose(
              inFlight ->
                  comparison
                      .read(suspects.stream().map(RowPair::rowKey).toList())
                      .thenCompose(again -> compareAgain(suspects, again, inFlight, reads)));
    }

    private CompletableFuture<Void> compareAgain(
        List<RowPair> before, List<RowPair> again, Set<byte[]> inFlight, int reads) {
      List<RowPair> still = new ArrayList<>();
      for (int i = 0; i < again.size(); i++) {
        RowPair pair = again.get(i);
        if (countUnlessDifferent(pair)) {
          continue;
        }
        if (!inFlight.contains(pair.rowKey()) && pair.holdsSameAs(before.get(i))) {
          confirmed.add(pair);
        } else {
          still.add(pair);
        }
      }
      return confirm(still, reads + 1);
    }

    private CompletableFuture<Void> remove() {
      List<RowPair> removable = new ArrayList<>();
      List<byte[]> seen = new ArrayList<>();
      for (RowPair pair : confirmed) {
        if (heal && pair.entry() != null) {
          removable.add(pair);
          seen.add(pair.entry());
        } else {
          add(pair, false);
        }
      }
      return redisEntries
          .remove(removable.stream().map(RowPair::rowKey).toList(), seen)
          .thenAccept(
              removed -> {
                for (int i = 0; i < removable.size(); i++) {
                  RowPair pair = removable.get(i);
                  if (pair.inHBase() == null || removed.get(i)) {
                    add(pair, pair.inHBase() != null);
                  } else {
                    changed++;
                  }
                }
              });
    }

    private void add(RowPair pair, boolean healed) {
      Difference.Kind kind = ((Differs) pair.verdict()).kind();
      differences.add(new Difference(pair.key(), kind, healed));
      meter.count("check." + kind.name().toLowerCase(Locale.ROOT), 1);
      meter.count("check.healed", healed ? 1 : 0);
    }

    private CheckPage end() {
      meter.count("check.examined", examined);
      return new CheckPage(read, examined, inStep, notCopied, changed, differences, rest);
    }
  }
}
