package io.dimstore.flink;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;

/** The rows of one lookup, which arrive later. */
class LookupAnswer extends CompletableFuture<Collection<RowData>> {

  /** Reports that the lookup failed. */
  void fail(Throwable failure) {
    completeExceptionally(failure);
  }
}
