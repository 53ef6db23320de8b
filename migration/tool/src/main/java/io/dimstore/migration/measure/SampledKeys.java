// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Side;
import io.dimstore.spi.Change;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;

/** Reads rows from the beginning of many splits of a table: a sample over its whole key range. */
final class SampledKeys {

  private static final int SPLITS = 64;
  private static final int PAGE = 1_000;

  private SampledKeys() {}

  /** Returns about so many rows; fewer if the table has fewer. */
  static List<Put> rows(Side side, int most, Calls calls) throws InterruptedException {
    List<ScanSplit> rest =
        calls.await(() -> side.table().splits(SPLITS, ScanOptions.rows(side.spec().all())));
    List<Put> rows = new ArrayList<>();
    // Splits of unequal size: what one lacks is read from the others.
    while (!rest.isEmpty() && rows.size() < most) {
      int each = Math.max(1, (most - rows.size()) / rest.size());
      List<ScanSplit> next = new ArrayList<>();
      for (ScanSplit split : rest) {
        int wanted = Math.min(each, most - rows.size());
        if (wanted == 0) {
          break;
        }
        ScanPage page = calls.await(() -> side.table().scan(split, Math.min(PAGE, wanted)));
        for (Change change : page.changes()) {
          if (change instanceof Put put) {
            rows.add(put);
          }
        }
        ScanSplit remaining = page.remaining();
        if (remaining != null) {
          next.add(remaining);
        }
      }
      rest = next;
    }
    return rows;
  }
}
