package io.dimstore.hbaseredis;

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
 * that has no row. What differs at the first look is for {@link Confirmation}. Thread-safe.
 */
final class Checker {

  private static final int MAX_PAGE = 1_000;

  private final Layout layout;
  private final BothCopies both;
  private final Confirmation confirmation;
  private final RedisCopy copy;
  private final Scanner scanner;

  Checker(
      Layout layout,
      EntryCodec entries,
      Truth truth,
      RedisCopy copy,
      Scanner scanner,
      Marks marks,
      Meter meter,
      InstantSource clock,
      Duration grace) {
    this.layout = layout;
    this.both = new BothCopies(layout, entries, truth, copy, clock);
    this.confirmation = new Confirmation(layout, both, copy, marks, meter, grace);
    this.copy = copy;
    this.scanner = scanner;
  }

  /** The rows in parts, and the entries, which Redis can only list as a whole. */
  CompletableFuture<List<ScanSplit>> splits(int desired) {
    return scanner
        .splits(desired, ScanOptions.rows(Projection.all(layout.slots().length)))
        .thenApply(
            rows -> {
              List<ScanSplit> splits = new ArrayList<>(rows);
              splits.add(
                  new CheckToken.Entries(layout.declaration(), RedisCopy.Names.START).toSplit());
              return splits;
            });
  }

  CompletableFuture<CheckPage> check(CheckToken token, int maxKeys, boolean heal) {
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
              return both.lookFrom(results)
                  .thenCompose(looked -> confirmation.examine(looked, results.size(), rest, heal));
            });
  }

  /** Those that HBase has nothing for: of the others, the rows of HBase told already. */
  private CompletableFuture<CheckPage> entries(CheckToken.Entries token, int limit, boolean heal) {
    return copy.names(token.cursor(), limit)
        .thenCompose(
            names -> {
              List<byte[]> rowKeys =
                  names.rowKeys().stream()
                      // No reader can ask for others.
                      .filter(row -> row.length > 0 && row.length <= HConstants.MAX_ROW_LENGTH)
                      .toList();
              ScanSplit rest =
                  names.isLast()
                      ? null
                      : new CheckToken.Entries(token.table(), names.cursor()).toSplit();
              int read = Math.max(limit, names.rowKeys().size());
              return both.look(rowKeys)
                  .thenApply(
                      looked ->
                          looked.stream()
                              .filter(one -> one.truth() instanceof Stored.Nothing)
                              .filter(one -> one.entry() != null)
                              .toList())
                  .thenCompose(looked -> confirmation.examine(looked, read, rest, heal));
            });
  }
}
