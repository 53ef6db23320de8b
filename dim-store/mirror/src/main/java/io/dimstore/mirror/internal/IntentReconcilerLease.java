// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.support.RecordChecks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Lets one process at a time reconcile the intents of a table. The holder replaces a shared record
 * at each pass; another process takes the lease when it has seen the record unchanged for the term
 * by its own monotonic clock. The lease only avoids that work is done twice: several processes may
 * reconcile at once. Thread-safe.
 */
final class IntentReconcilerLease {

  private final SharedRecords records;
  private final String name;
  private final String holder;
  private final long termNanos;
  private final LongSupplier nanoTime;
  private long seen = -1;
  private long seenAt;

  IntentReconcilerLease(
      SharedRecords records, String table, String holder, Duration term, LongSupplier nanoTime) {
    this.records = records;
    this.name = "mirror/" + RecordChecks.part(table) + "/reconciler";
    this.holder = holder;
    this.termNanos = term.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Takes or renews the lease; returns whether this process may reconcile now. */
  CompletionStage<Boolean> acquire() {
    return records
        .read(name)
        .thenCompose(
            found ->
                isFree(found)
                    ? records.replace(name, found.map(SharedRecord::revision).orElse(0L), holder)
                    : CompletableFuture.completedFuture(false));
  }

  private synchronized boolean isFree(Optional<SharedRecord> found) {
    if (found.isEmpty() || found.get().content().equals(holder)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (found.get().revision() != seen) {
      seen = found.get().revision();
      seenAt = now;
    }
    return now - seenAt > termNanos;
  }
}
