// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.capacity.Capacity;
import io.dimstore.dynamodb.internal.capacity.ConsumedUnits;
import io.dimstore.dynamodb.internal.capacity.Throughput;
import io.dimstore.dynamodb.internal.client.RequestSender.Call;
import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Builds and sends the requests of the store, with the units that each is expected to consume. */
public final class Requests {

  private static final int MOST_PAGE_UNITS = 256;

  private final DynamoDbAsyncClient client;
  private final DynamoDbAsyncClient writes;
  private final LookupRouter lookups;
  private final StoreMetrics metrics;
  private final Capacity capacity;
  private final RequestSender sender;

  /**
   * @param writes a client that retries a request only if the service refused it; after an attempt
   *     whose outcome is unknown, another request must follow
   */
  public Requests(
      DynamoDbAsyncClient client,
      DynamoDbAsyncClient writes,
      LookupRouter lookups,
      StoreMetrics metrics,
      Capacity capacity,
      RequestSender sender) {
    this.client = client;
    this.writes = writes;
    this.lookups = lookups;
    this.metrics = metrics;
    this.capacity = capacity;
    this.sender = sender;
  }

  /**
   * Reads rows.
   *
   * @param keys the keys in {@code request}
   */
  public CompletableFuture<BatchGetItemResponse> batchGet(
      String table,
      List<Map<String, AttributeValue>> keys,
      BatchGetItemRequest.Builder request,
      Deadline deadline) {
    Throughput reads = capacity.of(Use.READ, table);
    double perKey = reads.perKey().value();
    if (reads.hot().isCounting()) {
      for (Map<String, AttributeValue> key : keys) {
        reads.hot().add(key, perKey);
      }
    }
    return sender
        .send(
            new Call<>(
                Operation.GET,
                table,
                keys.size(),
                answer -> keys.size(),
                answer -> ConsumedUnits.measured(answer.consumedCapacity()),
                reads,
                keys.size() * perKey),
            deadline,
            override -> lookups.send(request.overrideConfiguration(override).build()))
        .whenComplete(
            (answer, failure) -> {
              // A full response leaves keys unprocessed too; an empty one means a throttled table.
              if (answer != null
                  && answer.unprocessedKeys().containsKey(table)
                  && answer.responses().getOrDefault(table, List.of()).isEmpty()) {
                reads.limiter().throttled();
              }
            });
  }

  /**
   * Reads a page of a scan. It is limited to the entries that one second's units of the table pay
   * for, estimated from the units that entries consumed so far.
   */
  public CompletableFuture<ScanResponse> scan(
      String table, int entries, ScanRequest.Builder request, Deadline deadline) {
    return page(
        table,
        entries,
        answer -> answer.items().size(),
        ScanResponse::consumedCapacity,
        deadline,
        (limit, override) ->
            client.scan(request.limit(limit).overrideConfiguration(override).build()));
  }

  /** Reads a page of the items of one partition, limited as a page of a scan is. */
  public CompletableFuture<QueryResponse> partition(
      String table, int entries, QueryRequest.Builder request, Deadline deadline) {
    return page(
        table,
        entries,
        answer -> answer.items().size(),
        QueryResponse::consumedCapacity,
        deadline,
        (limit, override) ->
            client.query(request.limit(limit).overrideConfiguration(override).build()));
  }

  /** Sends the request for a page with at most a given number of items. */
  @FunctionalInterface
  private interface PageRequest<R> {
    CompletableFuture<R> send(int limit, AwsRequestOverrideConfiguration override);
  }

  private <R> CompletableFuture<R> page(
      String table,
      int entries,
      ToIntFunction<R> items,
      Function<R, @Nullable ConsumedCapacity> consumed,
      Deadline deadline,
      PageRequest<R> request) {
    Throughput reads = capacity.of(Use.READ, table);
    double perEntry = Math.max(1e-3, reads.perScanned().value());
    int limit = (int) Math.max(1, Math.min(entries, reads.limiter().most() / perEntry));
    return sender.send(
        new Call<>(
            Operation.SCAN,
            table,
            0,
            items,
            answer -> {
              ConsumedCapacity units = consumed.apply(answer);
              return units == null ? ConsumedUnits.NOTHING : ConsumedUnits.measured(List.of(units));
            },
            reads,
            Math.min(MOST_PAGE_UNITS, limit * perEntry)),
        deadline,
        override -> request.send(limit, override));
  }

  /**
   * The outcome of a put.
   *
   * @param applied true if the item was written, false if the condition did not hold
   * @param stored the item for which the condition did not hold, or null if the service did not
   *     return it
   */
  public record PutOutcome(
      boolean applied, @Nullable Map<String, AttributeValue> stored, ConsumedUnits consumed) {}

  /**
   * Puts an item under a condition.
   *
   * @param request returns the request to send; its argument says whether an earlier attempt may
   *     still arrive
   */
  public CompletableFuture<PutOutcome> put(
      String table,
      ItemWrite write,
      Function<Boolean, PutItemRequest.Builder> request,
      Deadline deadline) {
    Throughput units = capacity.of(Use.WRITE, table);
    double expected = ItemSize.writeUnits(write.bytes());
    units.hot().add(write.key(), expected);
    return sender.sendAgain(
        new Call<PutOutcome>(
            Operation.WRITE, table, 1, answer -> 1, PutOutcome::consumed, units, expected),
        deadline,
        (override, mayArriveLate) ->
            writes
                .putItem(
                    request
                        .apply(mayArriveLate)
                        // The service does not report the units of a refused put. It charges the
                        // larger one of both items.
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(override)
                        .build())
                .handle((answer, failure) -> outcome(table, write, answer, failure)));
  }

  private static PutOutcome outcome(
      String table, ItemWrite write, PutItemResponse answer, @Nullable Throwable failure) {
    if (failure == null) {
      return new PutOutcome(
          true, null, ConsumedUnits.write(answer.consumedCapacity(), write.bytes()));
    }
    if (failure.getCause() instanceof ConditionalCheckFailedException e) {
      Map<String, AttributeValue> stored = e.hasItem() ? e.item() : null;
      if (stored != null && !write.statements().isSameKey(write.item(), stored)) {
        throw new StoreException(
            StoreException.Kind.UNAVAILABLE,
            "DynamoDB table " + table + " refused a put and returned the item of another key");
      }
      int larger = Math.max(write.bytes(), stored == null ? 0 : ItemSize.of(stored));
      return new PutOutcome(false, stored, new ConsumedUnits(ItemSize.writeUnits(larger), true));
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /**
   * Executes up to 25 statements of distinct keys. The response has an error for each that failed.
   *
   * @param statements returns the statements to send; its argument says whether an earlier attempt
   *     may still arrive
   * @param rows the rows that the statements write, in the same order
   */
  public CompletableFuture<BatchExecuteStatementResponse> batchStatements(
      String table,
      Function<Boolean, List<BatchStatementRequest>> statements,
      List<ItemWrite> rows,
      Deadline deadline) {
    Throughput units = capacity.of(Use.WRITE, table);
    int[] bytes = new int[rows.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = rows.get(i).bytes();
    }
    return sender
        .sendAgain(
            new Call<BatchExecuteStatementResponse>(
                Operation.WRITE,
                table,
                bytes.length,
                answer -> bytes.length,
                answer -> ConsumedUnits.statements(answer, bytes),
                units,
                demand(units, rows)),
            deadline,
            (override, mayArriveLate) ->
                writes.batchExecuteStatement(
                    batch ->
                        batch
                            .statements(statements.apply(mayArriveLate))
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .overrideConfiguration(override)))
        .whenComplete(
            (answer, failure) -> {
              if (answer != null && Failures.isThrottled(answer)) {
                units.limiter().throttled();
              }
            });
  }

  /**
   * Writes up to 25 items of distinct keys without a condition. The response lists those that were
   * not written.
   */
  public CompletableFuture<BatchWriteItemResponse> batchWrite(
      String table, List<ItemWrite> rows, Deadline deadline) {
    Throughput writes = capacity.of(Use.WRITE, table);
    List<WriteRequest> puts = new ArrayList<>(rows.size());
    for (ItemWrite row : rows) {
      puts.add(
          WriteRequest.builder().putRequest(PutRequest.builder().item(row.item()).build()).build());
    }
    BatchWriteItemRequest.Builder request =
        BatchWriteItemRequest.builder()
            .requestItems(Map.of(table, puts))
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    return sender.send(
        new Call<>(
            Operation.WRITE,
            table,
            puts.size(),
            answer -> puts.size(),
            answer -> ConsumedUnits.measured(answer.consumedCapacity()),
            writes,
            demand(writes, rows)),
        deadline,
        override -> client.batchWriteItem(request.overrideConfiguration(override).build()));
  }

  /**
   * Returns the units that writing the rows is expected to consume, and counts the rows as requests
   * of their keys.
   */
  private static double demand(Throughput writes, List<ItemWrite> rows) {
    double all = 0;
    for (ItemWrite row : rows) {
      double units = ItemSize.writeUnits(row.bytes());
      all += units;
      writes.hot().add(row.key(), units);
    }
    return all;
  }

  /** Counts a write that had no effect, because a newer version is stored. */
  public void countSuperseded() {
    metrics.count("superseded", 1);
  }

  /** Sends a request about a table, or about the whole service if the table's name is empty. */
  public <R> CompletableFuture<R> admin(
      String table,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    return sender.send(
        new Call<>(
            Operation.ADMIN, table, 0, answer -> 0, answer -> ConsumedUnits.NOTHING, null, 0),
        deadline,
        request);
  }

  /**
   * Sends a request about a table's stream.
   *
   * @param records returns the number of records in a response
   */
  public <R> CompletableFuture<R> follow(
      String table,
      ToIntFunction<R> records,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    return sender.send(
        new Call<>(Operation.SCAN, table, 0, records, answer -> ConsumedUnits.NOTHING, null, 0),
        deadline,
        request);
  }

  /** Counts rows that the service throttled within a response that succeeded. */
  public void countThrottled(int rows) {
    metrics.count(FailedAttempt.THROTTLED, rows);
  }

  /** Counts keys that the first response left unprocessed. */
  public void countUnprocessed(int keys) {
    metrics.count("unprocessed", keys);
  }

  /** Reads an item of the control table with a strong read. */
  public CompletableFuture<GetItemResponse> getItem(
      String table, Map<String, AttributeValue> key, Deadline deadline) {
    return admin(
            table,
            deadline,
            override ->
                client.getItem(
                    get ->
                        get.tableName(table)
                            .key(key)
                            .consistentRead(true)
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .overrideConfiguration(override)))
        .thenApply(answer -> requireWhole(answer, answer.consumedCapacity(), table));
  }

  /** Reads items of the control table in the order of their keys with a strong read. */
  public CompletableFuture<QueryResponse> query(
      String table, QueryRequest.Builder request, Deadline deadline) {
    return admin(
            table,
            deadline,
            override ->
                client.query(
                    request
                        .consistentRead(true)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .overrideConfiguration(override)
                        .build()))
        .thenApply(answer -> requireWhole(answer, answer.consumedCapacity(), table));
  }

  /**
   * The outcome of a conditional update.
   *
   * @param applied true if the last attempt updated the item, false if its condition did not hold
   * @param mayBeApplied whether an earlier attempt has no answer, so that it may be the reason for
   *     which the condition did not hold
   * @param stored the item for which the condition did not hold, or null if there is none or the
   *     service did not return it
   */
  public record UpdateOutcome(
      boolean applied, boolean mayBeApplied, @Nullable Map<String, AttributeValue> stored) {}

  /** Updates an item of the control table under a condition. */
  public CompletableFuture<UpdateOutcome> update(
      String table, UpdateItemRequest.Builder request, Deadline deadline) {
    return sender.sendAgain(
        new Call<UpdateOutcome>(
            Operation.ADMIN, table, 1, answer -> 1, answer -> ConsumedUnits.NOTHING, null, 0),
        deadline,
        (override, mayArriveLate) ->
            writes
                .updateItem(
                    request
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(override)
                        .build())
                .handle(
                    (answer, failure) -> {
                      if (failure == null) {
                        requireWhole(answer, answer.consumedCapacity(), table);
                        return new UpdateOutcome(true, mayArriveLate, null);
                      }
                      if (failure.getCause() instanceof ConditionalCheckFailedException e) {
                        return new UpdateOutcome(
                            false, mayArriveLate, e.hasItem() ? e.item() : null);
                      }
                      throw failure instanceof CompletionException e
                          ? e
                          : new CompletionException(failure);
                    }));
  }

  /**
   * Refuses a response without the consumed capacity, which every request asks for. Such a
   * response, for instance an empty object from a proxy, would make a record absent or acknowledge
   * an update that never happened.
   */
  private static <R> R requireWhole(R answer, @Nullable ConsumedCapacity consumed, String table) {
    if (consumed == null) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE,
          "A response about DynamoDB table "
              + table
              + " lacks the consumed capacity: it is not the service's");
    }
    return answer;
  }
}
