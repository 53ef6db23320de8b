// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch that are too large for HBase.
 *
 * @param rows the refused rows; all others of the batch were written
 * @param reason the refusal of the first one; null if there is none
 */
record OversizedRows(List<EncodedChange> rows, @Nullable StoreException reason) {

  /** The number of parts into which a refused batch is divided: many, so that few steps suffice. */
  private static final int PARTS = 32;

  private static final OversizedRows NONE = new OversizedRows(List.of(), null);

  static CompletableFuture<OversizedRows> none() {
    return CompletableFuture.completedFuture(NONE);
  }

  /**
   * Writes a batch. A region server refuses a whole batch for one cell that is too large, or for
   * the size of the request, and names no row. Such a batch is divided and sent again until each
   * refused row is alone: after two steps at most, for a batch of a thousand rows.
   *
   * @param write writes all of a list, or fails with a {@link StoreException}
   * @return the refused rows; fails if a part of the batch failed for another reason
   */
  static CompletableFuture<OversizedRows> isolate(
      List<EncodedChange> batch, Function<List<EncodedChange>, CompletableFuture<Void>> write) {
    return inParts(batch, part -> write.apply(part).thenApply(done -> NONE));
  }

  /**
   * Writes a batch. If HBase refuses it because it is too large, divides it into parts and writes
   * these, and so on, until each refused row is alone.
   *
   * @param write writes all rows of a list but those that it returns
   * @return the refused rows; fails if a part of the batch failed for another reason
   */
  static CompletableFuture<OversizedRows> inParts(
      List<EncodedChange> batch,
      Function<List<EncodedChange>, CompletableFuture<OversizedRows>> write) {
    return write.apply(batch).exceptionallyCompose(failure -> divide(batch, failure, write));
  }

  private static CompletableFuture<OversizedRows> divide(
      List<EncodedChange> batch,
      Throwable failure,
      Function<List<EncodedChange>, CompletableFuture<OversizedRows>> write) {
    if (!Failures.isOversized(failure)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (batch.size() == 1) {
      return CompletableFuture.completedFuture(
          new OversizedRows(batch, StoreException.find(failure)));
    }
    int size = (batch.size() + PARTS - 1) / PARTS;
    CompletableFuture<OversizedRows> all = none();
    for (int from = 0; from < batch.size(); from += size) {
      all =
          all.thenCombine(
              inParts(batch.subList(from, Math.min(from + size, batch.size())), write),
              OversizedRows::and);
    }
    return all;
  }

  OversizedRows and(OversizedRows other) {
    if (other.rows.isEmpty()) {
      return this;
    }
    List<EncodedChange> all = new ArrayList<>(rows);
    all.addAll(other.rows);
    return new OversizedRows(all, reason == null ? other.reason : reason);
  }

  /** Returns the rows of the batch that were written. */
  List<EncodedChange> writtenOf(List<EncodedChange> batch) {
    if (rows.isEmpty()) {
      return batch;
    }
    Set<Key> refused = new HashSet<>(keys());
    return batch.stream().filter(row -> !refused.contains(row.change().key())).toList();
  }

  /** Fails INVALID with the keys of the refused rows, if there are any. */
  CompletableFuture<Void> report() {
    return reason == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(
            new StoreException(Kind.INVALID, String.valueOf(reason.getMessage()), keys(), reason));
  }

  private List<Key> keys() {
    return rows.stream().map(row -> row.change().key()).toList();
  }
}
