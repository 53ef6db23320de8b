// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.dynamodb.internal.encoding.ReadPlan;
import io.dimstore.dynamodb.internal.read.ReadCall.Wanted;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Reads rows with one projection, and combines the keys of concurrent calls into requests. A
 * request takes its keys from the {@link ReadQueue} when the concurrency limiter lets it run.
 * Thread-safe; never blocks.
 */
final class ReadCoalescer {

  private static final int MAX_KEYS = 100;
  private static final List<Map<String, AttributeValue>> NONE = List.of();
  private static final CompletableFuture<@Nullable Void> NOTHING =
      CompletableFuture.completedFuture(null);
  private static final Backoff UNPROCESSED =
      new Backoff(Duration.ofMillis(25), Duration.ofSeconds(1));

  private final String table;
  private final boolean consistent;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final ReadPlan plan;
  private final StoreContext context;
  private final RetryTimer retries;
  private final ReadQueue waiting = new ReadQueue(MAX_KEYS);

  ReadCoalescer(
      String table,
      boolean consistent,
      KeyLayout keyLayout,
      ItemLayout items,
      ReadPlan plan,
      StoreContext context) {
    this.table = table;
    this.consistent = consistent;
    this.keyLayout = keyLayout;
    this.items = items;
    this.plan = plan;
    this.context = context;
    this.retries = new RetryTimer(context.timer());
  }

  /** Queues keys to be read. They must be distinct. */
  void read(List<Wanted> keys) {
    waiting.add(keys);
    for (int i = 0; i < keys.size(); i += MAX_KEYS) {
      context.reads().submit(this::sendNext);
    }
  }

  /**
   * Sends a request with the next keys. It is submitted at least once for every 100 waiting keys,
   * so some calls find no keys left.
   */
  private CompletableFuture<@Nullable Void> sendNext() {
    Map<Key, Wanted> batch = waiting.next();
    if (batch.isEmpty()) {
      return NOTHING;
    }
    return send(batch, 1);
  }

  /**
   * Sends a request with these keys. If that throws, fails their calls, which would otherwise wait
   * until their deadlines.
   */
  private CompletableFuture<@Nullable Void> send(Map<Key, Wanted> batch, int attempt) {
    try {
      return request(batch, attempt);
    } catch (RuntimeException | Error e) {
      fail(batch, e);
      return NOTHING;
    }
  }

  private CompletableFuture<@Nullable Void> request(Map<Key, Wanted> batch, int attempt) {
    Deadline deadline = latest(batch);
    if (deadline.isOver()) {
      fail(batch, ReadQueue.late());
      return NOTHING;
    }
    List<Map<String, AttributeValue>> keys = new ArrayList<>(batch.size());
    for (Key key : batch.keySet()) {
      keys.add(keyLayout.primaryKey(key));
    }
    KeysAndAttributes.Builder asked =
        KeysAndAttributes.builder().keys(keys).consistentRead(consistent);
    if (plan.expression() != null) {
      asked.projectionExpression(plan.expression()).expressionAttributeNames(plan.names());
    }
    BatchGetItemRequest.Builder request =
        BatchGetItemRequest.builder()
            .requestItems(Map.of(table, asked.build()))
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    return context
        .requests()
        .batchGet(table, keys, request, deadline)
        .handle(
            (answer, failure) -> {
              try {
                if (failure != null) {
                  fail(batch, failure);
                } else {
                  take(answer, batch, attempt);
                }
              } catch (RuntimeException | Error e) {
                fail(batch, e);
              }
              return null;
            });
  }

  private void take(BatchGetItemResponse answer, Map<Key, Wanted> batch, int attempt) {
    List<Map<String, AttributeValue>> rows = answer.responses().get(table);
    KeysAndAttributes unprocessed = answer.unprocessedKeys().get(table);
    List<Map<String, AttributeValue>> left = unprocessed == null ? NONE : unprocessed.keys();
    if (rows == null && left.size() < batch.size()) {
      // The service names the table even if it found no rows.
      throw wrongAnswer("does not name the table");
    }
    if ((rows == null ? 0 : rows.size()) + left.size() > batch.size()
        || answer.responses().size() > 1
        || answer.unprocessedKeys().size() > (unprocessed == null ? 0 : 1)) {
      throw wrongAnswer("has more items or keys than were requested");
    }
    long now = context.clock().millis();
    for (Map<String, AttributeValue> item : rows == null ? NONE : rows) {
      take(item, batch, now);
    }
    if (left.isEmpty()) {
      answered(batch);
      return;
    }
    int asked = batch.size();
    Map<Key, Wanted> again = new LinkedHashMap<>(left.size() * 2);
    for (Map<String, AttributeValue> key : left) {
      Key unknown = keyLayout.keyOf(key);
      Wanted wanted = batch.remove(unknown);
      if (wanted == null) {
        again.values().forEach(each -> batch.put(each.key(), each));
        throw wrongAnswer("leaves a key unprocessed that was not requested");
      }
      again.put(unknown, wanted);
    }
    answered(batch);
    context.requests().countUnprocessed(again.size());
    // If some keys were processed, the response was full; if none were, the table is throttled.
    sendLater(again, again.size() < asked ? 1 : attempt);
  }

  private void take(Map<String, AttributeValue> item, Map<Key, Wanted> batch, long now) {
    Change change;
    try {
      change = items.decode(item, plan, now);
    } catch (StoreException e) {
      // All requested keys can be read, so an item with an unreadable key was not requested.
      Wanted first = e.keys().isEmpty() ? null : batch.get(e.keys().get(0));
      if (first == null) {
        throw wrongAnswer("has an item that was not requested");
      }
      for (Wanted each = first; each != null; each = each.same()) {
        each.call().corrupt(e);
      }
      return;
    }
    Wanted first = batch.get(change == null ? items.keyOf(item) : change.key());
    if (first == null) {
      throw wrongAnswer("has an item that was not requested");
    }
    if (change != null) {
      for (Wanted each = first; each != null; each = each.same()) {
        each.finds(change);
      }
    }
  }

  /**
   * Returns the failure for a response that does not match the request. It may not be the
   * service's, so nothing in it is used.
   */
  private StoreException wrongAnswer(String why) {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE,
        "DynamoDB table " + table + ": the response to a lookup " + why);
  }

  private void sendLater(Map<Key, Wanted> batch, int failures) {
    boolean again =
        retries.schedule(
            () -> context.reads().submit(() -> send(batch, failures + 1)),
            UNPROCESSED,
            failures,
            latest(batch));
    if (!again) {
      fail(batch, unprocessed(batch.size()));
    }
  }

  private static void answered(Map<Key, Wanted> batch) {
    for (Wanted wanted : batch.values()) {
      for (Wanted each = wanted; each != null; each = each.same()) {
        each.answered();
      }
    }
  }

  /**
   * Fails the calls of a batch. If the service refused a batch of several calls, sends the keys of
   * each call again on their own, so that the keys of one call do not fail another (R11).
   */
  private void fail(Map<Key, Wanted> batch, Throwable failure) {
    StoreException known = StoreException.find(failure);
    Map<ReadCall<?>, Map<Key, Wanted>> calls = new HashMap<>();
    for (Wanted wanted : batch.values()) {
      Wanted each = wanted;
      while (each != null) {
        Wanted next = each.same();
        each.share(null);
        calls.computeIfAbsent(each.call(), call -> new LinkedHashMap<>()).put(each.key(), each);
        each = next;
      }
    }
    boolean sendEachCallAlone =
        calls.size() > 1 && known != null && known.kind() == StoreException.Kind.INVALID;
    calls.forEach(
        (call, keys) -> {
          if (sendEachCallAlone) {
            context.reads().submit(() -> send(keys, 1));
          } else {
            call.fail(failure);
          }
        });
  }

  private static Deadline latest(Map<Key, Wanted> batch) {
    Deadline latest = null;
    for (Wanted wanted : batch.values()) {
      for (Wanted each = wanted; each != null; each = each.same()) {
        Deadline own = each.call().deadline();
        // Keys of one call are adjacent, so comparing with the last deadline saves most of the
        // work.
        if (own != latest && (latest == null || own.remainingNanos() > latest.remainingNanos())) {
          latest = own;
        }
      }
    }
    return latest == null ? Deadline.after(Duration.ZERO) : latest;
  }

  private StoreException unprocessed(int keys) {
    return new StoreException(
        StoreException.Kind.THROTTLED,
        "DynamoDB table " + table + " left " + keys + " keys unprocessed until the deadline");
  }
}
