// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of a split, one of them ahead of its consumer. A page that was read more than
 * five minutes ago is read again, so that its consumer gets no rows that are hours old. Not
 * thread-safe.
 */
public final class SplitReader {

  private static final long MAX_AGE_MILLIS = 300_000;

  private final DimensionTable table;
  private final Calls calls;
  private final int pageSize;
  private final Clock clock;
  private @Nullable ScanSplit rest;
  private @Nullable Ahead ahead;

  private record Ahead(CompletionStage<ScanPage> page, long begunAtMillis) {}

  /**
   * A page.
   *
   * @param begunAtMillis when the page was requested, in epoch milliseconds
   */
  public record Page(ScanPage page, long begunAtMillis) {}

  /**
   * Creates a reader.
   *
   * @param split where to begin
   * @param pageSize the most entries of a page
   */
  public SplitReader(
      DimensionTable table, ScanSplit split, int pageSize, Calls calls, Clock clock) {
    this.table = table;
    this.calls = calls;
    this.clock = clock;
    this.pageSize = pageSize;
    this.rest = split;
  }

  /** Returns the next page, or null at the end of the split. */
  public @Nullable Page next() throws InterruptedException {
    ScanSplit current = rest;
    if (current == null) {
      return null;
    }
    Ahead begun = ahead;
    if (begun == null || clock.millis() - begun.begunAtMillis() > MAX_AGE_MILLIS) {
      begun = begin(current);
    }
    // A repeated attempt reads later than this time. An earlier time is safe: it makes a page seem
    // older than it is.
    ScanPage page = calls.await(begun.page(), () -> table.scan(current, pageSize));
    rest = page.remaining();
    ahead = rest == null ? null : begin(Objects.requireNonNull(rest));
    return new Page(page, begun.begunAtMillis());
  }

  private Ahead begin(ScanSplit split) {
    long now = clock.millis();
    return new Ahead(calls.begin(() -> table.scan(split, pageSize)), now);
  }
}
