package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** Reads rows by key, a hundred in a request, and asks again for what was left unprocessed (R2). */
final class BatchReader {

  private static final int MAX_KEYS = 100;
  private static final List<Map<String, AttributeValue>> NO_ROWS = List.of();
  private static final Backoff UNPROCESSED =
      new Backoff(Duration.ofMillis(25), Duration.ofSeconds(1));

  private final String table;
  private final boolean consistent;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final ChangeValidator validator;
  private final Requests requests;
  private final InFlight inFlight;
  private final ScheduledExecutorService timer;
  private final InstantSource clock;

  BatchReader(
      String table,
      boolean consistent,
      KeyLayout keyLayout,
      ItemLayout items,
      ChangeValidator validator,
      Engine engine) {
    this.table = table;
    this.consistent = consistent;
    this.keyLayout = keyLayout;
    this.items = items;
    this.validator = validator;
    this.requests = engine.requests();
    this.inFlight = engine.reads();
    this.timer = engine.timer();
    this.clock = engine.clock();
  }

  CompletableFuture<List<@Nullable Put>> get(
      List<Key> keys, Projection projection, Deadline deadline) {
    Call call = new Call(items.plan(projection), deadline);
    Set<Key> distinct = new LinkedHashSet<>(keys.size() * 2);
    List<CompletableFuture<?>> batches = new ArrayList<>(keys.size() / MAX_KEYS + 1);
    List<Map<String, AttributeValue>> batch = new ArrayList<>(Math.min(keys.size(), MAX_KEYS));
    for (Key key : keys) {
      if (distinct.add(key) && canHold(key)) {
        batch.add(keyLayout.primaryKey(key));
        if (batch.size() == MAX_KEYS) {
          batches.add(call.read(batch));
          batch = new ArrayList<>(MAX_KEYS);
        }
      }
    }
    if (!batch.isEmpty()) {
      batches.add(call.read(batch));
    }
    return CompletableFuture.allOf(batches.toArray(CompletableFuture[]::new))
        .thenApply(ignored -> call.answer(keys));
  }

  /** A key that cannot be stored is absent (R10), and would fail the whole request. */
  private boolean canHold(Key key) {
    return validator.problemOf(key) == null && keyLayout.problemOf(key) == null;
  }

  /** One call of {@code get}, and what was found for it so far. */
  private final class Call {
    private final ReadPlan plan;
    private final Deadline deadline;
    private final Map<Key, Put> found = new ConcurrentHashMap<>();
    private final Map<Key, StoreException> corrupt = new ConcurrentHashMap<>();

    Call(ReadPlan plan, Deadline deadline) {
      this.plan = plan;
      this.deadline = deadline;
    }

    CompletableFuture<@Nullable Void> read(List<Map<String, AttributeValue>> keys) {
      CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
      read(request(keys), keys.size(), 1, done);
      return done;
    }

    private KeysAndAttributes request(List<Map<String, AttributeValue>> keys) {
      KeysAndAttributes.Builder builder =
          KeysAndAttributes.builder().keys(keys).consistentRead(consistent);
      if (plan.expression() != null) {
        builder.projectionExpression(plan.expression()).expressionAttributeNames(plan.names());
      }
      return builder.build();
    }

    private void read(
        KeysAndAttributes request, int keys, int attempt, CompletableFuture<@Nullable Void> done) {
      BatchGetItemRequest.Builder batch =
          BatchGetItemRequest.builder()
              .requestItems(Map.of(table, request))
              .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
      inFlight
          .submit(deadline, () -> requests.batchGet(table, keys, batch, deadline))
          .whenComplete(
              (answer, failure) -> {
                try {
                  if (failure != null) {
                    done.completeExceptionally(failure);
                  } else {
                    take(answer, keys, attempt, done);
                  }
                } catch (RuntimeException e) {
                  done.completeExceptionally(e);
                }
              });
    }

    private void take(
        BatchGetItemResponse answer,
        int keys,
        int attempt,
        CompletableFuture<@Nullable Void> done) {
      long now = clock.millis();
      List<Map<String, AttributeValue>> rows = answer.responses().get(table);
      KeysAndAttributes left = answer.unprocessedKeys().get(table);
      if (rows == null && (left == null || left.keys().size() < keys)) {
        // The service names the table also where it found nothing: this may be anyone's answer.
        throw new StoreException(
            StoreException.Kind.UNAVAILABLE,
            "DynamoDB table " + table + " is not in the answer: nothing is known of its keys");
      }
      for (Map<String, AttributeValue> item : rows == null ? NO_ROWS : rows) {
        try {
          Change change = items.decode(item, plan, now);
          if (change instanceof Put put) {
            found.put(put.key(), put);
          }
        } catch (StoreException e) {
          if (e.keys().isEmpty()) {
            throw e;
          }
          corrupt.put(e.keys().get(0), e);
        }
      }
      if (left == null || left.keys().isEmpty()) {
        done.complete(null);
        return;
      }
      requests.countUnprocessed(left.keys().size());
      // Progress means that the answer was full, none that the table is busy.
      int failed = left.keys().size() < keys ? 1 : attempt;
      long wait = UNPROCESSED.nanos(failed);
      if (wait >= deadline.remainingNanos()) {
        throw new StoreException(
            StoreException.Kind.THROTTLED,
            "DynamoDB table "
                + table
                + " left "
                + left.keys().size()
                + " keys unprocessed until the deadline");
      }
      timer.schedule(
          () -> read(request(left.keys()), left.keys().size(), failed + 1, done),
          wait,
          TimeUnit.NANOSECONDS);
    }

    List<@Nullable Put> answer(List<Key> keys) {
      if (!corrupt.isEmpty()) {
        StoreException first = corrupt.values().iterator().next();
        throw new StoreException(
            StoreException.Kind.CORRUPT,
            String.valueOf(first.getMessage()),
            List.copyOf(corrupt.keySet()),
            first);
      }
      List<@Nullable Put> answer = new ArrayList<>(keys.size());
      for (Key key : keys) {
        answer.add(found.get(key));
      }
      return answer;
    }
  }
}
