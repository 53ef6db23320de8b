// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The state of one row that is being written. Not thread-safe: queues and futures pass it from
 * thread to thread, and only one uses it at a time.
 */
final class RowAttempt {

  private final ItemWrite write;
  private final Deadline deadline;
  private final CompletableFuture<Boolean> result = new CompletableFuture<>();
  private boolean asNew;
  private boolean switched;
  private int failures;
  private long tieNumber;
  private @Nullable StoreException lastFailure;

  /**
   * @param asNew true to send the row first as an INSERT, false as an UPDATE
   */
  RowAttempt(ItemWrite write, Deadline deadline, boolean asNew) {
    this.write = write;
    this.deadline = deadline;
    this.asNew = asNew;
  }

  ItemWrite write() {
    return write;
  }

  Deadline deadline() {
    return deadline;
  }

  /** Returns the future of the row: true if it was applied, false if a newer version was stored. */
  CompletableFuture<Boolean> result() {
    return result;
  }

  boolean asNew() {
    return asNew;
  }

  /** Returns whether the row is still sent with its first statement. */
  boolean isFirstStatement() {
    return !switched;
  }

  /** Switches between INSERT and UPDATE; to be called at most once. */
  void switchStatement() {
    asNew = !asNew;
    switched = true;
  }

  /** Returns the tie number of the write, or {@link TieBreaker#NONE}. */
  long tieNumber() {
    return tieNumber;
  }

  /** Notes that an attempt may still arrive, so that later ones have a tie number. */
  void mayArriveLate() {
    if (tieNumber == TieBreaker.NONE) {
      tieNumber = TieBreaker.first();
    }
  }

  /**
   * Raises the tie number above that of the stored item. Returns false if the item has none with
   * the same version.
   */
  boolean raiseTieNumber(@Nullable Map<String, AttributeValue> stored) {
    long next = TieBreaker.after(stored, write.version());
    tieNumber = next == TieBreaker.NONE ? tieNumber : next;
    return next != TieBreaker.NONE;
  }

  /** Notes a failure after which a retry can succeed, and returns the number of such failures. */
  int failed(StoreException reason) {
    lastFailure = reason;
    return ++failures;
  }

  /**
   * Returns the failure of a row whose deadline has passed: its last failure, or TIMEOUT if it had
   * none.
   */
  StoreException reasonToGiveUp() {
    return lastFailure == null
        ? new StoreException(
            StoreException.Kind.TIMEOUT, "The deadline passed before the request was sent")
        : lastFailure;
  }
}
