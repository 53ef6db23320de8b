package io.dimstore.bench.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.DynamoDbEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The AWS SDK alone, its answers handled on the threads that receive them: the requests that the
 * store sends, without what the store does about them.
 */
final class DynamoDbBaseline implements AutoCloseable {

  private static final int CONNECTIONS = 64;

  /** Value columns in the order of the rows. */
  static final List<String> COLUMNS =
      Workload.table("any").values().stream().map(column -> column.name()).toList();

  private final SdkAsyncHttpClient http;
  private final DynamoDbAsyncClient client;

  DynamoDbBaseline(DynamoDbEndpoint endpoint) {
    this.http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(CONNECTIONS)
            .readTimeout(Duration.ofSeconds(60))
            .build();
    this.client =
        DynamoDbAsyncClient.builder()
            .httpClient(http)
            .endpointOverride(endpoint.uri())
            .region(Region.of(endpoint.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(endpoint.accessKeyId(), endpoint.secretAccessKey())))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .build();
  }

  DynamoDbAsyncClient client() {
    return client;
  }

  /** Reads at most 100 rows with one request, strongly consistent. */
  CompletableFuture<List<@Nullable Put>> get(String table, List<Key> keys) {
    return items(table, keys)
        .thenApply(
            items -> {
              Map<Key, Put> found = new HashMap<>(items.size() * 2);
              for (Map<String, AttributeValue> item : items) {
                Put put = decode(item);
                found.put(put.key(), put);
              }
              List<@Nullable Put> rows = new ArrayList<>(keys.size());
              for (Key key : keys) {
                rows.add(found.get(key));
              }
              return rows;
            });
  }

  /** At most 100 whole items by the text of their keys. */
  Map<String, Map<String, AttributeValue>> itemsByKey(String table, List<Key> keys) {
    Map<String, Map<String, AttributeValue>> items = new HashMap<>();
    for (Map<String, AttributeValue> item : Pipeline.await(items(table, keys))) {
      items.put(held(item, Workload.KEY).s(), item);
    }
    return items;
  }

  private CompletableFuture<List<Map<String, AttributeValue>>> items(String table, List<Key> keys) {
    List<Map<String, AttributeValue>> asked = new ArrayList<>(keys.size());
    for (Key key : keys) {
      asked.add(Map.of(Workload.KEY, AttributeValue.fromS((String) key.get(0))));
    }
    return client
        .batchGetItem(
            request ->
                request.requestItems(
                    Map.of(
                        table,
                        KeysAndAttributes.builder().keys(asked).consistentRead(true).build())))
        .thenApply(
            answer -> {
              if (!answer.unprocessedKeys().isEmpty()) {
                throw new BenchException("DynamoDB left keys unprocessed");
              }
              return answer.responses().getOrDefault(table, List.of());
            });
  }

  /** The statement with which the store updates rows of its own that are not newer. */
  static String update(String table) {
    StringBuilder text = new StringBuilder("UPDATE \"" + table + "\" SET \"__dim_v\"=?");
    COLUMNS.forEach(column -> text.append(" SET \"").append(column).append("\"=?"));
    return text.append(" REMOVE \"__dim_x\" REMOVE \"__dim_d\" REMOVE \"__dim_ttl\"")
        .append(" WHERE \"" + Workload.KEY + "\"=? AND \"__dim_v\"<=? AND \"__dim_c\"=?")
        .toString();
  }

  /**
   * Writes at most 25 rows with one request.
   *
   * @param update what {@link #update} gave
   * @param layout the attribute {@code __dim_c} of the stored rows
   */
  CompletableFuture<@Nullable Void> write(
      String update, AttributeValue layout, List<Change> changes) {
    List<BatchStatementRequest> statements = new ArrayList<>(changes.size());
    for (Change change : changes) {
      statements.add(statement(update, layout, (Put) change));
    }
    return client
        .batchExecuteStatement(
            request ->
                request.statements(statements).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .thenApply(
            answer -> {
              answer
                  .responses()
                  .forEach(
                      response -> {
                        if (response.error() != null) {
                          throw new BenchException("DynamoDB refused a row: " + response.error());
                        }
                      });
              return null;
            });
  }

  static BatchStatementRequest statement(String update, AttributeValue layout, Put put) {
    AttributeValue version = AttributeValue.fromN(Long.toString(put.version()));
    List<AttributeValue> parameters = new ArrayList<>(COLUMNS.size() + 4);
    parameters.add(version);
    for (int i = 0; i < COLUMNS.size(); i++) {
      parameters.add(attribute(put.row().get(i)));
    }
    parameters.add(AttributeValue.fromS((String) put.key().get(0)));
    parameters.add(version);
    parameters.add(layout);
    return BatchStatementRequest.builder()
        .statement(update)
        .parameters(parameters)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  static AttributeValue key(Key key) {
    return AttributeValue.fromS((String) key.get(0));
  }

  static AttributeValue attribute(@Nullable Object value) {
    if (value == null) {
      return AttributeValue.fromNul(true);
    }
    return value instanceof Number
        ? AttributeValue.fromN(value.toString())
        : AttributeValue.fromS(value.toString());
  }

  private static Put decode(Map<String, AttributeValue> item) {
    AttributeValue expiry = item.get("__dim_x");
    return new Put(
        Key.of(held(item, Workload.KEY).s()),
        Row.of(
            held(item, "country").s(),
            Integer.parseInt(held(item, "level").n()),
            Long.parseLong(held(item, "balance").n()),
            held(item, "name").s(),
            held(item, "note").s(),
            Instant.parse(held(item, "updated_at").s())),
        Long.parseLong(held(item, "__dim_v").n()),
        expiry == null ? Put.NEVER : Long.parseLong(expiry.n()));
  }

  private static AttributeValue held(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new BenchException("DynamoDB has an item without " + name);
    }
    return value;
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}
