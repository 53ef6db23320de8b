package io.dimstore.spi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a split. One row that cannot be decoded does not end the scan: the page reports
 * it beside the others, and the reader decides whether to go on.
 *
 * @param changes rows as {@link Put}s and, where asked for, tombstones as {@link Delete}s
 * @param unreadable rows that are stored and cannot be decoded as the table's columns
 * @param remaining where to go on, or null at the end of the split
 */
public record ScanPage(
    List<Change> changes, List<UnreadableRow> unreadable, @Nullable ScanSplit remaining) {

  /** Copies the lists. */
  public ScanPage {
    changes = List.copyOf(changes);
    unreadable = List.copyOf(unreadable);
  }

  /** A page whose rows were all decoded. */
  public ScanPage(List<Change> changes, @Nullable ScanSplit remaining) {
    this(changes, List.of(), remaining);
  }

  /**
   * Returns this page if all its rows were decoded.
   *
   * @throws StoreException CORRUPT, with the first reason and all keys that are known
   */
  public ScanPage requireReadable() {
    if (unreadable.isEmpty()) {
      return this;
    }
    throw new StoreException(
        StoreException.Kind.CORRUPT,
        unreadable.get(0).reason(),
        unreadable.stream().map(UnreadableRow::key).filter(Objects::nonNull).toList(),
        null);
  }
}
