// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a split. A row that cannot be decoded does not end the scan: the page reports it,
 * and the reader decides whether to continue.
 *
 * @param changes rows as {@link Put}s and, if requested, tombstones as {@link Delete}s
 * @param unreadable stored rows that cannot be decoded as the table's columns
 * @param remaining the rest of the split, or null at its end
 */
public record ScanPage(
    List<Change> changes, List<UnreadableRow> unreadable, @Nullable ScanSplit remaining) {

  /** Copies the lists. */
  public ScanPage {
    changes = List.copyOf(changes);
    unreadable = List.copyOf(unreadable);
  }

  /** Creates a page whose rows were all decoded. */
  public ScanPage(List<Change> changes, @Nullable ScanSplit remaining) {
    this(changes, List.of(), remaining);
  }

  /**
   * Returns this page if all its rows were decoded.
   *
   * @throws StoreException CORRUPT otherwise, with the first reason and all keys that are known
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
