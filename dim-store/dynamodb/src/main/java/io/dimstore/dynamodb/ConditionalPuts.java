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

/**
 * A PutItem for one row, which the service refuses where the stored version is newer. An attempt
 * that follows one whose outcome is unknown takes a turn ({@link Turns}).
 */
final class ConditionalPuts {

  // An item without a version has version 0, which no version is below.
  private static final String OLDER = "attribute_not_exists(#v) OR #v < :v OR (#v = :v AND ";
  private static final String FIRST = OLDER + "attribute_not_exists(#t))";
  private static final String NEXT = OLDER + "(attribute_not_exists(#t) OR #t <= :t))";
  private static final Map<String, String> NAMES =
      Map.of("#v", SystemAttributes.VERSION, "#t", SystemAttributes.TURN);

  private final String table;
  private final Requests requests;
  private final InFlight inFlight;

  ConditionalPuts(String table, Engine engine) {
    this.table = table;
    this.requests = engine.requests();
    this.inFlight = engine.writes();
  }

  /**
   * Puts one item, whatever else is under way for its key; whether it was applied.
   *
   * @param turn the turn of the write, if it has one
   */
  CompletableFuture<Boolean> put(ItemWrite write, long turn, Deadline deadline) {
    return inFlight.submit(deadline, () -> send(write, turn, deadline));
  }

  private CompletableFuture<Boolean> send(ItemWrite write, long turn, Deadline deadline) {
    long late = turn == Turns.NONE ? Turns.first() : turn;
    return requests
        .put(table, write, mayArriveLate -> request(write, mayArriveLate ? late : turn), deadline)
        .exceptionally(
            failure -> {
              throw naming(write, failure);
            })
        .thenCompose(
            outcome -> {
              if (outcome.applied()) {
                return CompletableFuture.completedFuture(true);
              }
              long next = Turns.after(outcome.stored(), write.version());
              if (next != Turns.NONE) {
                return send(write, next, deadline);
              }
              requests.countSuperseded();
              return CompletableFuture.completedFuture(false);
            });
  }

  private PutItemRequest.Builder request(ItemWrite write, long turn) {
    AttributeValue version = AttributeValue.fromN(Long.toString(write.version()));
    return PutItemRequest.builder()
        .tableName(table)
        .item(Turns.withTurn(write.item(), write.bytes(), turn))
        .conditionExpression(turn == Turns.NONE ? FIRST : NEXT)
        .expressionAttributeNames(NAMES)
        .expressionAttributeValues(
            turn == Turns.NONE
                ? Map.of(":v", version)
                : Map.of(":v", version, ":t", AttributeValue.fromN(Long.toString(turn))))
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
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
