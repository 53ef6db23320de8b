package io.dimstore.dynamodb;

import io.dimstore.dynamodb.WriteStrategy.ItemWrite;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Sends requests: gives each what is left of its deadline, tells the metrics what it was and cost,
 * and turns its failure into a {@link StoreException}.
 */
final class Requests {

  private static final String SERVER = "dynamodb";

  private final DynamoDbAsyncClient client;
  private final StoreMetrics metrics;

  Requests(DynamoDbAsyncClient client, StoreMetrics metrics) {
    this.client = client;
    this.metrics = metrics;
  }

  CompletableFuture<BatchGetItemResponse> batchGet(
      String table, int keys, BatchGetItemRequest.Builder request, Deadline deadline) {
    return send(
        new Call<>(
            Operation.GET,
            table,
            keys,
            answer -> keys,
            answer -> answer.consumedCapacity().stream().mapToDouble(Requests::units).sum()),
        deadline,
        override -> client.batchGetItem(request.overrideConfiguration(override).build()));
  }

  CompletableFuture<ScanResponse> scan(
      String table, ScanRequest.Builder request, Deadline deadline) {
    return send(
        new Call<>(
            Operation.SCAN,
            table,
            0,
            answer -> answer.items().size(),
            answer -> units(answer.consumedCapacity())),
        deadline,
        override -> client.scan(request.overrideConfiguration(override).build()));
  }

  /** Whether the put was applied; false where its condition did not hold. */
  CompletableFuture<Boolean> put(
      String table, ItemWrite write, PutItemRequest.Builder request, Deadline deadline) {
    // The service does not say what it bills for a refusal.
    double unitsIfRefused = ItemSize.writeUnits(write.bytes());
    return send(
            new Call<>(
                Operation.WRITE,
                table,
                1,
                answer -> 1,
                answer -> answer.applied() ? answer.units() : unitsIfRefused),
            deadline,
            override ->
                client
                    .putItem(request.overrideConfiguration(override).build())
                    .handle(
                        (answer, failure) -> {
                          if (failure == null) {
                            return new PutAnswer(true, units(answer.consumedCapacity()));
                          }
                          if (failure.getCause() instanceof ConditionalCheckFailedException) {
                            countSuperseded();
                            return new PutAnswer(false, 0);
                          }
                          throw failure instanceof CompletionException e
                              ? e
                              : new CompletionException(failure);
                        }))
        .thenApply(PutAnswer::applied);
  }

  /**
   * Up to 25 statements of distinct keys; the answer has the error of each.
   *
   * @param rows what the statements write, one each
   */
  CompletableFuture<BatchExecuteStatementResponse> batchStatements(
      String table,
      List<BatchStatementRequest> statements,
      List<ItemWrite> rows,
      Deadline deadline) {
    // What the service bills by its documentation, for servers that do not say.
    double computedUnits = units(rows);
    return send(
        new Call<>(
            Operation.WRITE,
            table,
            statements.size(),
            answer -> statements.size(),
            answer -> {
              double units = answer.consumedCapacity().stream().mapToDouble(Requests::units).sum();
              return units > 0 ? units : computedUnits;
            }),
        deadline,
        override ->
            client.batchExecuteStatement(
                batch ->
                    batch
                        .statements(statements)
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .overrideConfiguration(override)));
  }

  /** Up to 25 items of distinct keys, whatever is there; the answer has those not written. */
  CompletableFuture<BatchWriteItemResponse> batchWrite(
      String table, List<ItemWrite> rows, Deadline deadline) {
    List<WriteRequest> puts = new ArrayList<>(rows.size());
    for (ItemWrite row : rows) {
      puts.add(
          WriteRequest.builder().putRequest(PutRequest.builder().item(row.item()).build()).build());
    }
    BatchWriteItemRequest.Builder request =
        BatchWriteItemRequest.builder()
            .requestItems(Map.of(table, puts))
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    return send(
        new Call<>(
            Operation.WRITE,
            table,
            puts.size(),
            answer -> puts.size(),
            answer -> answer.consumedCapacity().stream().mapToDouble(Requests::units).sum()),
        deadline,
        override -> client.batchWriteItem(request.overrideConfiguration(override).build()));
  }

  private static double units(List<ItemWrite> rows) {
    double units = 0;
    for (ItemWrite row : rows) {
      units += ItemSize.writeUnits(row.bytes());
    }
    return units;
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
    return send(new Call<>(Operation.ADMIN, table, 0, answer -> 0, answer -> 0), deadline, request);
  }

  /** Counts rows that the service throttled one by one inside an answer. */
  void countThrottled(int rows) {
    metrics.count(FailedAttempt.THROTTLED, rows);
  }

  /** Counts what did not come back in the first answer. */
  void countUnprocessed(int keys) {
    metrics.count("unprocessed", keys);
  }

  private <R> CompletableFuture<R> send(
      Call<R> call,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    long begin = System.nanoTime();
    Exchange exchange = new Exchange();
    AwsRequestOverrideConfiguration override =
        AwsRequestOverrideConfiguration.builder()
            .apiCallTimeout(Duration.ofNanos(Math.max(1_000_000, deadline.remainingNanos())))
            .putExecutionAttribute(Exchange.ATTRIBUTE, exchange)
            .build();
    CompletableFuture<R> sent;
    try {
      sent = request.apply(override);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    return sent.handle(
        (answer, failure) -> {
          long nanos = System.nanoTime() - begin;
          if (failure == null) {
            report(call, exchange, nanos, answer);
            return answer;
          }
          StoreException mapped = Failures.of(failure, call.table);
          metrics.request(
              new StoreMetrics.Request(
                  SERVER,
                  call.operation,
                  call.asked,
                  exchange.bytes(),
                  nanos,
                  exchange.retries(),
                  0,
                  0,
                  mapped.kind()));
          throw mapped;
        });
  }

  private <R> void report(Call<R> call, Exchange exchange, long nanos, R answer) {
    double units = call.units.applyAsDouble(answer);
    boolean write = call.operation == Operation.WRITE;
    metrics.request(
        new StoreMetrics.Request(
            SERVER,
            call.operation,
            call.keys.applyAsInt(answer),
            exchange.bytes(),
            nanos,
            exchange.retries(),
            write ? 0 : units,
            write ? units : 0,
            null));
  }

  private static double units(ConsumedCapacity consumed) {
    Double units = consumed == null ? null : consumed.capacityUnits();
    return units == null ? 0 : units;
  }

  private record PutAnswer(boolean applied, double units) {}

  /**
   * What a request is.
   *
   * @param asked how many keys it holds
   * @param keys how many keys it was about, as its answer says
   * @param units what its answer says that it cost
   */
  private record Call<R>(
      Operation operation,
      String table,
      int asked,
      ToIntFunction<R> keys,
      ToDoubleFunction<R> units) {}
}
