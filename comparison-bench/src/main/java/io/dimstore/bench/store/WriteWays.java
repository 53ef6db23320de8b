package io.dimstore.bench.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The ways in which plain requests write rows newest-wins. Rows are of less than 1 KB, so that
 * every attempt at one, refused ones included, takes one write unit.
 */
final class WriteWays {

  private static final String NOT_NEWER = "attribute_not_exists(#v) OR #v <= :v";

  private final DynamoDbAsyncClient client;
  private final String table;
  private final String update;
  private final AttributeValue layout;

  WriteWays(DynamoDbAsyncClient client, String table, AttributeValue layout) {
    this.client = client;
    this.table = table;
    this.update = DynamoDbBaseline.update(table);
    this.layout = layout;
  }

  /** What a batch took. */
  record Cost(long requests, long units) {
    Cost plus(Cost other) {
      return new Cost(requests + other.requests, units + other.units);
    }
  }

  /** A conditional PutItem for each row. */
  CompletableFuture<Cost> puts(List<Change> rows) {
    return each(
        rows,
        put ->
            client.putItem(
                request ->
                    request
                        .tableName(table)
                        .item(item(put))
                        .conditionExpression(NOT_NEWER)
                        .expressionAttributeNames(Map.of("#v", "__dim_v"))
                        .expressionAttributeValues(Map.of(":v", version(put)))));
  }

  /** A conditional UpdateItem for each row. */
  CompletableFuture<Cost> updates(List<Change> rows) {
    return each(
        rows,
        put -> {
          Map<String, AttributeValue> values = item(put);
          values.remove(Workload.KEY);
          Map<String, String> names = new LinkedHashMap<>(Map.of("#v", "__dim_v"));
          Map<String, AttributeValue> parameters = new LinkedHashMap<>(Map.of(":v", version(put)));
          List<String> columns = List.copyOf(values.keySet());
          for (int i = 0; i < columns.size(); i++) {
            names.put("#c" + i, columns.get(i));
            parameters.put(":c" + i, values.get(columns.get(i)));
          }
          String set =
              IntStream.range(0, columns.size())
                  .mapToObj(i -> "#c" + i + "=:c" + i)
                  .collect(Collectors.joining(",", "SET ", ""));
          return client.updateItem(
              request ->
                  request
                      .tableName(table)
                      .key(Map.of(Workload.KEY, DynamoDbBaseline.key(put.key())))
                      .updateExpression(set)
                      .conditionExpression(NOT_NEWER)
                      .expressionAttributeNames(names)
                      .expressionAttributeValues(parameters));
        });
  }

  /** Statements that insert, and those that update for what is there already. */
  CompletableFuture<Cost> insertFirst(List<Change> rows) {
    return statements(rows, true)
        .thenCompose(
            refused ->
                refused.isEmpty()
                    ? CompletableFuture.completedFuture(new Cost(1, rows.size()))
                    : statements(refused, false)
                        .thenApply(ignored -> new Cost(2, rows.size() + refused.size())));
  }

  /** Statements that update, and those that insert for what is not there. */
  CompletableFuture<Cost> updateFirst(List<Change> rows) {
    return statements(rows, false)
        .thenCompose(
            refused ->
                refused.isEmpty()
                    ? CompletableFuture.completedFuture(new Cost(1, rows.size()))
                    : statements(refused, true)
                        .thenApply(ignored -> new Cost(2, rows.size() + refused.size())));
  }

  /** Gives the rows to be tried the other way. */
  private CompletableFuture<List<Change>> statements(List<Change> rows, boolean insert) {
    List<BatchStatementRequest> statements = new ArrayList<>(rows.size());
    for (Change row : rows) {
      statements.add(
          insert ? insert((Put) row) : DynamoDbBaseline.statement(update, layout, (Put) row));
    }
    return client
        .batchExecuteStatement(request -> request.statements(statements))
        .thenApply(
            answer -> {
              List<Change> refused = new ArrayList<>();
              for (int i = 0; i < rows.size(); i++) {
                BatchStatementResponse row = answer.responses().get(i);
                // An item in the answer is a newer one: superseded.
                if (row.error() != null && (insert || row.error().item().isEmpty())) {
                  refused.add(rows.get(i));
                }
              }
              return refused;
            });
  }

  private BatchStatementRequest insert(Put put) {
    Map<String, AttributeValue> item = item(put);
    String names =
        item.keySet().stream()
            .map(name -> "'" + name + "':?")
            .collect(Collectors.joining(",", "{", "}"));
    return BatchStatementRequest.builder()
        .statement("INSERT INTO \"" + table + "\" VALUE " + names)
        .parameters(item.values())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.NONE)
        .build();
  }

  private static CompletableFuture<Cost> each(
      List<Change> rows, java.util.function.Function<Put, CompletableFuture<?>> send) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[rows.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          send.apply((Put) rows.get(i))
              .<@Nullable Object>handle(
                  (answer, failure) -> {
                    if (failure != null
                        && !(failure.getCause() instanceof ConditionalCheckFailedException)) {
                      throw new BenchException("A write failed: " + failure, failure);
                    }
                    return answer;
                  });
    }
    return CompletableFuture.allOf(all).thenApply(ignored -> new Cost(all.length, all.length));
  }

  private Map<String, AttributeValue> item(Put put) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    item.put(Workload.KEY, DynamoDbBaseline.key(put.key()));
    item.put("__dim_v", version(put));
    item.put("__dim_c", layout);
    for (int i = 0; i < DynamoDbBaseline.COLUMNS.size(); i++) {
      item.put(DynamoDbBaseline.COLUMNS.get(i), DynamoDbBaseline.attribute(put.row().get(i)));
    }
    return item;
  }

  private static AttributeValue version(Put put) {
    return AttributeValue.fromN(Long.toString(put.version()));
  }
}
