package io.dimstore.dynamodb;

import io.dimstore.dynamodb.Sender.Call;
import io.dimstore.dynamodb.WriteStrategy.ItemWrite;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
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
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The requests of the store: what each is about, and what it costs. */
final class Requests {

  private static final int MOST_PAGE_UNITS = 256;

  private final DynamoDbAsyncClient client;
  private final DynamoDbAsyncClient writes;
  private final Lookups lookups;
  private final StoreMetrics metrics;
  private final Capacity capacity;
  private final Sender sender;

  /**
   * @param writes a client that sends a request again only where the service refused it: what
   *     follows an attempt whose outcome is unknown is another request
   */
  Requests(
      DynamoDbAsyncClient client,
      DynamoDbAsyncClient writes,
      Lookups lookups,
      StoreMetrics metrics,
      Capacity capacity,
      Sender sender) {
    this.client = client;
    this.writes = writes;
    this.lookups = lookups;
    this.metrics = metrics;
    this.capacity = capacity;
    this.sender = sender;
  }

  /** The rows of these keys; {@code request} asks for them. */
  CompletableFuture<BatchGetItemResponse> batchGet(
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
                answer -> Billed.measured(answer.consumedCapacity()),
                reads,
                keys.size() * perKey),
            deadline,
            override -> lookups.ask(request.overrideConfiguration(override).build()))
        .whenComplete(
            (answer, failure) -> {
              // An answer that is full leaves keys too; one with nothing in it means a busy table.
              if (answer != null
                  && answer.unprocessedKeys().containsKey(table)
                  && answer.responses().getOrDefault(table, List.of()).isEmpty()) {
                reads.bucket().throttled();
              }
            });
  }

  /**
   * A page. It holds no more entries than the table's budget has units for in a second, going by
   * what entries took so far.
   */
  CompletableFuture<ScanResponse> scan(
      String table, int entries, ScanRequest.Builder request, Deadline deadline) {
    Throughput reads = capacity.of(Use.READ, table);
    double perEntry = Math.max(1e-3, reads.perScanned().value());
    int limit = (int) Math.max(1, Math.min(entries, reads.bucket().most() / perEntry));
    return sender.send(
        new Call<>(
            Operation.SCAN,
            table,
            0,
            answer -> answer.items().size(),
            answer ->
                answer.consumedCapacity() == null
                    ? Billed.NOTHING
                    : Billed.measured(List.of(answer.consumedCapacity())),
            reads,
            Math.min(MOST_PAGE_UNITS, limit * perEntry)),
        deadline,
        override -> client.scan(request.limit(limit).overrideConfiguration(override).build()));
  }

  /**
   * What became of a put.
   *
   * @param applied whether it was applied; false where its condition did not hold
   * @param stored the item that refused it, if the service said so
   */
  record PutOutcome(boolean applied, @Nullable Map<String, AttributeValue> stored, Billed billed) {}

  /**
   * Puts an item under a condition.
   *
   * @param request the request; another one where an earlier attempt may still arrive
   */
  CompletableFuture<PutOutcome> put(
      String table,
      ItemWrite write,
      Function<Boolean, PutItemRequest.Builder> request,
      Deadline deadline) {
    Throughput units = capacity.of(Use.WRITE, table);
    double expected = ItemSize.writeUnits(write.bytes());
    units.hot().add(write.key(), expected);
    return sender.sendAgain(
        new Call<PutOutcome>(
            Operation.WRITE, table, 1, answer -> 1, PutOutcome::billed, units, expected),
        deadline,
        (override, mayArriveLate) ->
            writes
                .putItem(
                    request
                        .apply(mayArriveLate)
                        // The service does not say what it bills for a refusal: the larger one of
                        // both items.
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(override)
                        .build())
                .handle((answer, failure) -> outcome(table, write, answer, failure)));
  }

  private static PutOutcome outcome(
      String table, ItemWrite write, PutItemResponse answer, @Nullable Throwable failure) {
    if (failure == null) {
      return new PutOutcome(true, null, Billed.write(answer.consumedCapacity(), write.bytes()));
    }
    if (failure.getCause() instanceof ConditionalCheckFailedException e) {
      Map<String, AttributeValue> stored = e.hasItem() ? e.item() : null;
      if (stored != null && !write.statements().isSameKey(write.item(), stored)) {
        throw new StoreException(
            StoreException.Kind.UNAVAILABLE,
            "DynamoDB table " + table + " refused a put because of an item of another key");
      }
      int larger = Math.max(write.bytes(), stored == null ? 0 : ItemSize.of(stored));
      return new PutOutcome(false, stored, new Billed(ItemSize.writeUnits(larger), true));
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /**
   * Up to 25 statements of distinct keys; the answer has the error of each.
   *
   * @param statements the statements; others where an earlier attempt may still arrive
   * @param rows what the statements write, one each
   */
  CompletableFuture<BatchExecuteStatementResponse> batchStatements(
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
                answer -> Billed.statements(answer, bytes),
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
              if (answer != null && BatchedStatements.isThrottled(answer)) {
                units.bucket().throttled();
              }
            });
  }

  /** Up to 25 items of distinct keys, whatever is there; the answer has those not written. */
  CompletableFuture<BatchWriteItemResponse> batchWrite(
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
            answer -> Billed.measured(answer.consumedCapacity()),
            writes,
            demand(writes, rows)),
        deadline,
        override -> client.batchWriteItem(request.overrideConfiguration(override).build()));
  }

  /** The units that rows take, which the hot keys are told of. */
  private static double demand(Throughput writes, List<ItemWrite> rows) {
    double all = 0;
    for (ItemWrite row : rows) {
      double units = ItemSize.writeUnits(row.bytes());
      all += units;
      writes.hot().add(row.key(), units);
    }
    return all;
  }

  /** Counts a write that found a newer version. */
  void countSuperseded() {
    metrics.count("superseded", 1);
  }

  /** A request about a table, or about the service where the table is empty text. */
  <R> CompletableFuture<R> admin(
      String table,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    return sender.send(
        new Call<>(Operation.ADMIN, table, 0, answer -> 0, answer -> Billed.NOTHING, null, 0),
        deadline,
        request);
  }

  /**
   * A request about a table's stream.
   *
   * @param records how many records its answer has
   */
  <R> CompletableFuture<R> follow(
      String table,
      ToIntFunction<R> records,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    return sender.send(
        new Call<>(Operation.SCAN, table, 0, records, answer -> Billed.NOTHING, null, 0),
        deadline,
        request);
  }

  /** Counts rows that the service throttled one by one inside an answer. */
  void countThrottled(int rows) {
    metrics.count(FailedAttempt.THROTTLED, rows);
  }

  /** Counts what did not come back in the first answer. */
  void countUnprocessed(int keys) {
    metrics.count("unprocessed", keys);
  }
}
