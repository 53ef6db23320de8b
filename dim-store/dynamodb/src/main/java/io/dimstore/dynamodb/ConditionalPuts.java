package io.dimstore.dynamodb;

import io.dimstore.dynamodb.WriteStrategy.ItemWrite;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** A PutItem for one row, which the service refuses where the stored version is newer. */
final class ConditionalPuts {

  // An item without a version has version 0, which no version is below.
  private static final String NOT_NEWER = "attribute_not_exists(#v) OR #v <= :v";
  private static final Map<String, String> NAMES = Map.of("#v", SystemAttributes.VERSION);

  private final String table;
  private final Requests requests;
  private final InFlight inFlight;

  ConditionalPuts(String table, Engine engine) {
    this.table = table;
    this.requests = engine.requests();
    this.inFlight = engine.writes();
  }

  /** Puts one item, whatever else is under way for its key; whether it was applied. */
  CompletableFuture<Boolean> put(ItemWrite write, Deadline deadline) {
    return inFlight.submit(deadline, () -> send(write, deadline));
  }

  private CompletableFuture<Boolean> send(ItemWrite write, Deadline deadline) {
    PutItemRequest.Builder request =
        PutItemRequest.builder()
            .tableName(table)
            .item(write.item())
            .conditionExpression(NOT_NEWER)
            .expressionAttributeNames(NAMES)
            .expressionAttributeValues(
                Map.of(":v", AttributeValue.fromN(Long.toString(write.version()))))
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    return requests
        .put(table, write, request, deadline)
        .exceptionally(
            failure -> {
              throw naming(write, failure);
            });
  }

  /** A refusal is about the one item that was sent. */
  private StoreException naming(ItemWrite write, Throwable failure) {
    StoreException known = Failures.of(failure, table);
    return known.kind() == StoreException.Kind.INVALID
        ? new StoreException(
            known.kind(),
            "Key " + write.key() + ": " + known.getMessage(),
            List.of(write.key()),
            known)
        : known;
  }
}
