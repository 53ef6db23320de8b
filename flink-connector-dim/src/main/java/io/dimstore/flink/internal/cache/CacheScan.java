// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.ScanPage;
import java.util.concurrent.CompletionStage;

/** Reads all rows of a table, for a cache of the whole table. */
@FunctionalInterface
public interface CacheScan {

  /** Receives the pages of a scan, each on any thread, in any order. */
  @FunctionalInterface
  interface Pages {

    /**
     * Handles a page.
     *
     * @param beganNanos when the page was requested
     * @return false if no further page is wanted
     */
    boolean page(ScanPage page, long beganNanos);
  }

  /** Reads the table. The stage completes, with the first failure if any, after the last page. */
  CompletionStage<Void> read(Pages pages);
}
