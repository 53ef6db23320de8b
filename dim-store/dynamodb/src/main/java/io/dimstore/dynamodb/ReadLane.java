package io.dimstore.dynamodb;

import io.dimstore.dynamodb.ReadCall.Wanted;
import io.dimstore.spi.Backoff;
import io.dimstore.spi.Change;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * The reads of one projection. A request takes its keys when there is room for it, a hundred of
 * those that wait by then, whichever calls they belong to; a key that several calls wait for is
 * asked for once. What is under way is not shared: a call may have begun after a write that the
 * request has not seen (R13). Thread-safe; never blocks.
 */
final class ReadLane {

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
  private final Engine engine;
  private final Queue<Wanted> waiting = new ConcurrentLinkedQueue<>();

  ReadLane(
      String table,
      boolean consistent,
      KeyLayout keyLayout,
      ItemLayout items,
      ReadPlan plan,
      Engine engine) {
    this.table = table;
    this.consistent = consistent;
    this.keyLayout = keyLayout;
    this.items = items;
    this.plan = plan;
    this.engine = engine;
  }

  /** Has these keys read, none of them twice. */
  void read(List<Wanted> keys) {
    waiting.addAll(keys);
    for (int i = 0; i < keys.size(); i += MAX_KEYS) {
      engine.reads().submit(this::sendNext);
    }
  }

  /** There is one of these for every hundred keys that wait, at least; some find none left. */
  private CompletableFuture<@Nullable Void> sendNext() {
    Map<Key, Wanted> batch = new LinkedHashMap<>(2 * MAX_KEYS);
    while (batch.size() < MAX_KEYS) {
      Wanted next = waiting.poll();
      if (next == null) {
        break;
      }
      if (next.call().deadline().isOver()) {
        next.call().fail(late());
      } else {
        next.share(batch.put(next.key(), next));
      }
    }
    if (batch.isEmpty()) {
      return NOTHING;
    }
    try {
      return send(batch, 1);
    } catch (RuntimeException e) {
      fail(batch, e);
      return NOTHING;
    }
  }

  private CompletableFuture<@Nullable Void> send(Map<Key, Wanted> batch, int attempt) {
    Deadline deadline = latest(batch);
    if (deadline.isOver()) {
      fail(batch, late());
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
    return engine
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
              } catch (RuntimeException e) {
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
      // The service names the table also where it found nothing.
      throw wrongAnswer("does not name the table");
    }
    if ((rows == null ? 0 : rows.size()) + left.size() > batch.size()
        || answer.responses().size() > 1
        || answer.unprocessedKeys().size() > (unprocessed == null ? 0 : 1)) {
      throw wrongAnswer("has more than was asked");
    }
    long now = engine.clock().millis();
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
        throw wrongAnswer("leaves a key unprocessed that was not asked");
      }
      again.put(unknown, wanted);
    }
    answered(batch);
    engine.requests().countUnprocessed(again.size());
    // Progress means that the answer was full, none that the table is busy.
    sendLater(again, again.size() < asked ? 1 : attempt);
  }

  private void take(Map<String, AttributeValue> item, Map<Key, Wanted> batch, long now) {
    Change change;
    try {
      change = items.decode(item, plan, now);
    } catch (StoreException e) {
      // Every key that was asked can be read.
      Wanted first = e.keys().isEmpty() ? null : batch.get(e.keys().get(0));
      if (first == null) {
        throw wrongAnswer("has an item that was not asked");
      }
      for (Wanted each = first; each != null; each = each.same()) {
        each.call().corrupt(e);
      }
      return;
    }
    Wanted first = batch.get(change == null ? items.keyOf(item) : change.key());
    if (first == null) {
      throw wrongAnswer("has an item that was not asked");
    }
    if (change instanceof Put put) {
      for (Wanted each = first; each != null; each = each.same()) {
        each.finds(put);
      }
    }
  }

  /** An answer from which nothing is known of any key: it may be anyone's. */
  private StoreException wrongAnswer(String why) {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE,
        "DynamoDB table " + table + ": the answer to a lookup " + why);
  }

  private void sendLater(Map<Key, Wanted> batch, int failures) {
    long wait = UNPROCESSED.nanos(failures);
    if (wait >= latest(batch).remainingNanos()) {
      fail(batch, unprocessed(batch.size()));
      return;
    }
    try {
      engine
          .timer()
          .schedule(
              () -> engine.reads().submit(() -> send(batch, failures + 1)),
              wait,
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed.
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

  /** What is refused for one call's keys must not cost those of another (R11). */
  private void fail(Map<Key, Wanted> batch, Throwable failure) {
    StoreException known = StoreException.find(failure);
    Map<ReadCall, Map<Key, Wanted>> calls = new HashMap<>();
    for (Wanted wanted : batch.values()) {
      Wanted each = wanted;
      while (each != null) {
        Wanted next = each.same();
        each.share(null);
        calls.computeIfAbsent(each.call(), call -> new LinkedHashMap<>()).put(each.key(), each);
        each = next;
      }
    }
    boolean apart =
        calls.size() > 1 && known != null && known.kind() == StoreException.Kind.INVALID;
    calls.forEach(
        (call, keys) -> {
          if (apart) {
            engine.reads().submit(() -> send(keys, 1));
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
        // Keys of one call stand together.
        if (own != latest && (latest == null || own.remainingNanos() > latest.remainingNanos())) {
          latest = own;
        }
      }
    }
    return latest == null ? Deadline.after(Duration.ZERO) : latest;
  }

  private static StoreException late() {
    return new StoreException(
        StoreException.Kind.TIMEOUT, "The deadline was over before the request left");
  }

  private StoreException unprocessed(int keys) {
    return new StoreException(
        StoreException.Kind.THROTTLED,
        "DynamoDB table " + table + " left " + keys + " keys unprocessed until the deadline");
  }
}
