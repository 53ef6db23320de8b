// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads scans to their end. */
final class Scans {

  private static final int MAX_PAGES = 100_000;

  private final Answers answers;
  private final DimensionTable table;

  Scans(Answers answers, DimensionTable table) {
    this.answers = answers;
    this.table = table;
  }

  List<ScanSplit> splits(int desired, ScanOptions options) {
    return answers.await(table.splits(desired, options));
  }

  ScanPage page(ScanSplit split, int maxEntries) {
    return answers.await(table.scan(split, maxEntries));
  }

  /** Returns all entries of all splits, one split after the other. */
  List<Change> readAll(int desired, ScanOptions options, int maxEntries) {
    List<Change> found = new ArrayList<>();
    for (ScanSplit split : splits(desired, options)) {
      found.addAll(rest(split, maxEntries));
    }
    return found;
  }

  /** Returns all entries of a split, from its current position. */
  List<Change> rest(ScanSplit from, int maxEntries) {
    List<Change> found = new ArrayList<>();
    @Nullable ScanSplit split = from;
    for (int pages = 0; split != null; pages++) {
      assertThat(pages).as("pages of a scan").isLessThan(MAX_PAGES);
      ScanPage page = page(split, maxEntries);
      found.addAll(page.requireReadable().changes());
      split = page.remaining();
    }
    return found;
  }
}
