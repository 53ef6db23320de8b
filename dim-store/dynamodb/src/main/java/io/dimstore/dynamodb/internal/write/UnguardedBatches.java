// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Writes up to 25 rows in a BatchWriteItem request, which has no conditions. The last write to
 * arrive wins, whatever its version, and an older put brings back a row that a newer delete
 * removed. So R3 and R4 do not hold between writes. Within one batch the newest change of each key
 * is written (R5), and writes of a key in this process are sent one after the other, in the order
 * of their arrival. An attempt that timed out may still arrive after a later write was
 * acknowledged, and overwrite it; the client cannot prevent that. The service accepts it as long as
 * its signature is valid ({@link TieBreaker#LATEST_ARRIVAL}). Thread-safe.
 */
public final class UnguardedBatches implements WriteStrategy {

  private static final int MAX_ITEMS = 25;

  private final String table;
  private final Requests requests;
  private final PerKeyQueue queue = new PerKeyQueue();
  private final RowBatches<BatchWriteItemResponse> batches;

  public UnguardedBatches(String table, StoreContext context) {
    this.table = table;
    this.requests = context.requests();
    this.batches = new RowBatches<>(MAX_ITEMS, context, new Carrier());
  }

  @Override
  public CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          queue.submit(
              write.key(),
              () -> {
                RowAttempt row = new RowAttempt(write, deadline, true);
                batches.add(row);
                return row.result();
              });
    }
    batches.flush();
    return CompletableFuture.allOf(all);
  }

  private final class Carrier implements RowBatches.Carrier<BatchWriteItemResponse> {

    @Override
    public CompletableFuture<BatchWriteItemResponse> send(
        List<RowAttempt> batch, Deadline deadline) {
      List<ItemWrite> rows = new ArrayList<>(batch.size());
      for (RowAttempt row : batch) {
        rows.add(row.write());
      }
      return requests.batchWrite(table, rows, deadline);
    }

    @Override
    public void complete(
        List<RowAttempt> batch,
        @Nullable BatchWriteItemResponse answer,
        @Nullable Throwable failure) {
      if (failure != null || answer == null) {
        fail(batch, failure == null ? new IllegalStateException("no answer") : failure);
        return;
      }
      List<WriteRequest> left = answer.unprocessedItems().getOrDefault(table, List.of());
      // If the response names another table, it says nothing about these rows.
      boolean foreign = answer.unprocessedItems().size() > (left.isEmpty() ? 0 : 1);
      List<RowAttempt> unprocessed =
          foreign ? batch : left.isEmpty() ? List.of() : rowsOf(left, batch);
      int failures = 0;
      for (RowAttempt row : unprocessed) {
        failures = Math.max(failures, row.failed(notWritten()));
      }
      if (!unprocessed.isEmpty()) {
        requests.countUnprocessed(unprocessed.size());
      }
      for (RowAttempt row : batch) {
        if (!unprocessed.contains(row)) {
          row.result().complete(true);
        }
      }
      batches.postpone(unprocessed, failures);
    }

    @Override
    public void fail(RowAttempt row, Throwable failure) {
      row.result().completeExceptionally(failure);
    }

    @Override
    public void giveUp(RowAttempt row) {
      row.result().completeExceptionally(row.reasonToGiveUp());
    }

    /**
     * Fails the rows. A refusal may be about one row of the batch, so each row is then sent alone,
     * and its failure names the key.
     */
    private void fail(List<RowAttempt> batch, Throwable failure) {
      StoreException known = Failures.of(failure, table);
      boolean refused = known.kind() == StoreException.Kind.INVALID;
      for (RowAttempt row : batch) {
        if (refused && batch.size() > 1) {
          batches.addAlone(row);
        } else {
          row.result()
              .completeExceptionally(
                  refused
                      ? new StoreException(
                          known.kind(),
                          "Key " + row.write().key() + ": " + known.getMessage(),
                          List.of(row.write().key()),
                          known)
                      : known);
        }
      }
    }

    private StoreException notWritten() {
      return new StoreException(
          StoreException.Kind.THROTTLED,
          "DynamoDB table " + table + " left the row unprocessed until the deadline");
    }
  }

  /**
   * Returns the rows of these items, or all rows if an item is unknown: sending a row again is
   * safe.
   */
  private static List<RowAttempt> rowsOf(List<WriteRequest> items, List<RowAttempt> batch) {
    Map<List<Object>, RowAttempt> byKey = new HashMap<>(batch.size() * 2);
    for (RowAttempt row : batch) {
      byKey.put(keyOf(row.write().item(), row.write().statements().keys()), row);
    }
    List<String> names = batch.get(0).write().statements().keys();
    List<RowAttempt> rows = new ArrayList<>(items.size());
    for (WriteRequest item : items) {
      RowAttempt row =
          item.putRequest() == null ? null : byKey.get(keyOf(item.putRequest().item(), names));
      if (row == null) {
        return batch;
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * Returns the primary key with numbers in a normal form, since equal numbers may differ in
   * notation.
   */
  private static List<Object> keyOf(Map<String, AttributeValue> item, List<String> names) {
    List<Object> key = new ArrayList<>(names.size());
    for (String name : names) {
      AttributeValue value = item.get(name);
      if (value != null) {
        key.add(value.n() == null ? value : new BigDecimal(value.n()).stripTrailingZeros());
      }
    }
    return key;
  }
}
