// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Writes single rows with PutItem, under the condition that the stored version is not newer. An
 * attempt after one whose outcome is unknown has a tie number ({@link TieBreaker}). Thread-safe.
 */
final class ConditionalPuts {

  // An item without a version counts as version 0, so every write replaces it.
  private static final String OLDER = "attribute_not_exists(#v) OR #v < :v OR (#v = :v AND ";
  private static final String WITHOUT_TIE_NUMBER = OLDER + "attribute_not_exists(#t))";
  private static final String WITH_TIE_NUMBER = OLDER + "(attribute_not_exists(#t) OR #t <= :t))";
  private static final Map<String, String> NAMES =
      Map.of("#v", SystemAttributes.VERSION, "#t", SystemAttributes.TIE_NUMBER);

  private final String table;
  private final Requests requests;
  private final ConcurrencyLimiter inFlight;

  ConditionalPuts(String table, StoreContext context) {
    this.table = table;
    this.requests = context.requests();
    this.inFlight = context.writes();
  }

  /**
   * Writes one row, and returns whether it was applied; false if a newer version is stored. The
   * caller must not have another write of the key in flight, and completes the row's result itself.
   */
  CompletableFuture<Boolean> put(RowAttempt row) {
    return inFlight.submit(row.deadline(), () -> send(row));
  }

  private CompletableFuture<Boolean> send(RowAttempt row) {
    ItemWrite write = row.write();
    return requests
        .put(
            table,
            write,
            mayArriveLate -> {
              if (mayArriveLate) {
                row.mayArriveLate();
              }
              return request(write, row.tieNumber());
            },
            row.deadline())
        .exceptionally(
            failure -> {
              throw Failures.withKey(failure, table, write.key());
            })
        .thenCompose(
            outcome -> {
              if (outcome.applied()) {
                return CompletableFuture.completedFuture(true);
              }
              if (row.raiseTieNumber(outcome.stored())) {
                return send(row);
              }
              requests.countSuperseded();
              return CompletableFuture.completedFuture(false);
            });
  }

  private PutItemRequest.Builder request(ItemWrite write, long tieNumber) {
    AttributeValue version = AttributeValue.fromN(Long.toString(write.version()));
    return PutItemRequest.builder()
        .tableName(table)
        .item(TieBreaker.withTieNumber(write.item(), write.bytes(), tieNumber))
        .conditionExpression(tieNumber == TieBreaker.NONE ? WITHOUT_TIE_NUMBER : WITH_TIE_NUMBER)
        .expressionAttributeNames(NAMES)
        .expressionAttributeValues(
            tieNumber == TieBreaker.NONE
                ? Map.of(":v", version)
                : Map.of(":v", version, ":t", AttributeValue.fromN(Long.toString(tieNumber))))
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
  }
}
