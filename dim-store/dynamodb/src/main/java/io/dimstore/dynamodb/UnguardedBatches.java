package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
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
 * BatchWriteItem with 25 rows a request, which takes no condition: the write that arrives last
 * stands, whatever its version, and an older put brings back what a newer delete removed. Gives up
 * R3 and R4 between writes; within one batch the newest of each key stands (R5), and writes of a
 * key in this process go one after the other in the order in which they came. An attempt that was
 * given up may still arrive after a later write was acknowledged, and undoes it: nothing can tell
 * the service not to apply it. It arrives within the five minutes for which its signature is valid.
 */
final class UnguardedBatches implements WriteStrategy {

  private static final int MAX_ITEMS = 25;

  private final String table;
  private final Requests requests;
  private final KeyLanes lanes = new KeyLanes();
  private final RowBatches<BatchWriteItemResponse> batches;

  UnguardedBatches(String table, Engine engine) {
    this.table = table;
    this.requests = engine.requests();
    this.batches = new RowBatches<>(MAX_ITEMS, engine, new Carrier());
  }

  @Override
  public CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          lanes.submit(
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
    public void settle(
        List<RowAttempt> batch,
        @Nullable BatchWriteItemResponse answer,
        @Nullable Throwable failure) {
      if (failure != null || answer == null) {
        fail(batch, failure == null ? new IllegalStateException("no answer") : failure);
        return;
      }
      List<WriteRequest> left = answer.unprocessedItems().getOrDefault(table, List.of());
      // Where it names another table, nothing is known of these rows.
      boolean foreign = answer.unprocessedItems().size() > (left.isEmpty() ? 0 : 1);
      List<RowAttempt> unprocessed =
          foreign ? batch : left.isEmpty() ? List.of() : rowsOf(left, batch);
      int failures = 0;
      for (RowAttempt row : unprocessed) {
        failures = Math.max(failures, row.failed(notTaken()));
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

    /** A refusal is about one row of the batch: each is sent alone then, and names its key. */
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

    private StoreException notTaken() {
      return new StoreException(
          StoreException.Kind.THROTTLED,
          "DynamoDB table " + table + " left the row unprocessed until the deadline");
    }
  }

  /** The rows of these items, or all where one cannot be told: to send a row again is safe. */
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

  /** Equal numbers are the same key in any notation. */
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
