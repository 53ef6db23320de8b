// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;

/** The future rows of one lookup. */
class LookupAnswer extends CompletableFuture<Collection<RowData>> {

  /** Reports that the lookup failed. */
  void fail(Throwable failure) {
    completeExceptionally(failure);
  }
}
