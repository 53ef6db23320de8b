package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One table of a store. Thread-safe; no method blocks. Stages fail with {@link StoreException} and
 * may complete on a thread of the store's client: callers hand work of any length to a thread of
 * their own.
 *
 * <p>What only some stores can do is an interface of its own that a table may also implement:
 * {@link Maintenance}, {@link ChangeFeed}.
 */
public interface DimensionTable {

  /**
   * Reads rows by key.
   *
   * @param keys any number, duplicates allowed (R1); a key that the store cannot hold is absent
   *     (R10)
   * @param columns the value columns that the rows are to have
   * @return a list whose element i answers {@code keys.get(i)}: the row with its version and
   *     expiry, or null where the row is absent, deleted or expired
   */
  CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns);

  /**
   * Applies changes, newest version per key (R3, R5). Success means that every change was applied
   * or superseded; a failure may have applied any part (R7). INVALID is found before anything is
   * sent.
   */
  CompletionStage<Void> write(List<Change> changes);

  /**
   * Divides the table for reading in parallel (R9).
   *
   * @param desired how many splits the caller would like, at least 1; there may be more or fewer
   * @param options what to read; the splits carry it with them
   */
  CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options);

  /**
   * Reads the next entries of a split. Entries of one key come at most once in a scan. Rows that
   * cannot be decoded are reported in the page, so that one of them does not end the scan.
   *
   * @param split from {@link #splits} or from the page before
   * @param maxEntries at least 1; a page may have fewer entries, even none, before the end
   */
  CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries);
}
