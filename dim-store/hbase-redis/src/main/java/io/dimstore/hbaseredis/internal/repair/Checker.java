// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.Scanner;
import io.dimstore.hbaseredis.internal.hbase.SplitToken;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.HConstants;

/**
 * Compares HBase with Redis: first every row of HBase with its entry, then every entry of Redis
 * whose key has no row. {@link CopyRecheck} examines differences again. Thread-safe.
 */
public final class Checker {

  private static final int MAX_PAGE = 1_000;

  private final Layout layout;
  private final CopyComparison comparison;
  private final CopyRecheck recheck;
  private final RedisEntries redisEntries;
  private final Scanner scanner;

  public Checker(
      Layout layout,
      EntryCodec entries,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      Scanner scanner,
      WriteIntents intents,
      Meter meter,
      InstantSource clock,
      Duration grace) {
    this.layout = layout;
    this.comparison = new CopyComparison(layout, entries, hbaseRows, redisEntries, clock);
    this.recheck = new CopyRecheck(layout, comparison, redisEntries, intents, meter, grace);
    this.redisEntries = redisEntries;
    this.scanner = scanner;
  }

  /**
   * Returns splits for the rows, and one split for the entries, which Redis can only list as a
   * whole.
   */
  public CompletableFuture<List<ScanSplit>> splits(int desired) {
    return scanner
        .splits(desired, ScanOptions.rows(Projection.all(layout.mappings().length)))
        .thenApply(
            rows -> {
              List<ScanSplit> splits = new ArrayList<>(rows);
              splits.add(
                  new CheckToken.Entries(layout.declaration(), RedisEntries.Names.START).toSplit());
              return splits;
            });
  }

  public CompletableFuture<CheckPage> check(CheckToken token, int maxKeys, boolean heal) {
    int limit = Math.min(maxKeys, MAX_PAGE);
    return token instanceof CheckToken.Entries entries
        ? entries(entries, limit, heal)
        : rows(((CheckToken.Rows) token).range(), limit, heal);
  }

  private CompletableFuture<CheckPage> rows(SplitToken range, int limit, boolean heal) {
    return scanner
        .rows(range, limit)
        .thenCompose(
            results -> {
              ScanSplit rest =
                  results.size() < limit
                      ? null
                      : range.after(results.get(results.size() - 1).getRow()).toSplit();
              return comparison
                  .readEntriesOf(results)
                  .thenCompose(pairs -> recheck.examine(pairs, results.size(), rest, heal));
            });
  }

  /**
   * Scans Redis for entries whose key has no row in HBase. Keys that exist in HBase are compared by
   * the scan of HBase.
   */
  private CompletableFuture<CheckPage> entries(CheckToken.Entries token, int limit, boolean heal) {
    return redisEntries
        .names(token.cursor(), limit)
        .thenCompose(
            names -> {
              List<byte[]> rowKeys =
                  names.rowKeys().stream()
                      // Row keys that HBase cannot hold are skipped: no reader can request them.
                      .filter(row -> row.length > 0 && row.length <= HConstants.MAX_ROW_LENGTH)
                      .toList();
              ScanSplit rest =
                  names.isLast()
                      ? null
                      : new CheckToken.Entries(token.table(), names.cursor()).toSplit();
              int read = Math.max(limit, names.rowKeys().size());
              return comparison
                  .read(rowKeys)
                  .thenApply(
                      pairs ->
                          pairs.stream()
                              .filter(pair -> pair.inHBase() instanceof RowState.Nothing)
                              .filter(pair -> pair.entry() != null)
                              .toList())
                  .thenCompose(pairs -> recheck.examine(pairs, read, rest, heal));
            });
  }
}
