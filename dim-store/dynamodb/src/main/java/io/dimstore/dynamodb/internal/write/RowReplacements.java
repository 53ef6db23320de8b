// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RowUpdateLoop.Replacement;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Replaces rows with PutItem, one request for each, under the condition that the item still has the
 * version that was read. A late attempt has no effect, because the version has risen since.
 * Thread-safe.
 */
public final class RowReplacements {

  private static final String SAME_VERSION = "#v = :v";

  /** An item without a version was written by another tool and counts as version 0. */
  private static final String SAME_OR_NO_VERSION =
      SAME_VERSION + " OR (attribute_exists(#k) AND attribute_not_exists(#v))";

  /** An item whose retention has ended is absent, though the service may not have removed it. */
  private static final String ABSENT = "attribute_not_exists(#k) OR #l <= :now";

  private final String table;
  private final String partitionKey;
  private final BatchEncoder encoder;
  private final Requests requests;
  private final ConcurrencyLimiter inFlight;
  private final InstantSource clock;

  public RowReplacements(
      String table, String partitionKey, BatchEncoder encoder, StoreContext context) {
    this.table = table;
    this.partitionKey = partitionKey;
    this.encoder = encoder;
    this.requests = context.requests();
    this.inFlight = context.writes();
    this.clock = context.clock();
  }

  /** Replaces rows, and returns the keys of those that were changed since they were read. */
  public CompletableFuture<Set<Key>> replace(List<Replacement> replacements, Deadline deadline) {
    Map<Key, @Nullable Change> expected = new HashMap<>();
    replacements.forEach(each -> expected.put(each.change().key(), each.stored()));
    List<ItemWrite> writes =
        encoder.encode(replacements.stream().<Change>map(Replacement::change).toList());
    Set<Key> changed = new HashSet<>();
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          put(write, expected.get(write.key()), deadline)
              .thenAccept(
                  applied -> {
                    if (!applied) {
                      synchronized (changed) {
                        changed.add(write.key());
                      }
                    }
                  });
    }
    return CompletableFuture.allOf(all).thenApply(done -> changed);
  }

  private CompletableFuture<Boolean> put(
      ItemWrite write, @Nullable Change stored, Deadline deadline) {
    return inFlight
        .submit(
            deadline, () -> requests.put(table, write, late -> request(write, stored), deadline))
        .handle(
            (outcome, failure) -> {
              if (failure != null) {
                throw Failures.withKey(failure, table, write.key());
              }
              return outcome.applied();
            });
  }

  private PutItemRequest.Builder request(ItemWrite write, @Nullable Change stored) {
    PutItemRequest.Builder request =
        PutItemRequest.builder()
            .tableName(table)
            .item(write.item())
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    if (stored == null) {
      return request
          .conditionExpression(ABSENT)
          .expressionAttributeNames(Map.of("#k", partitionKey, "#l", SystemAttributes.TIME_TO_LIVE))
          .expressionAttributeValues(Map.of(":now", number(clock.millis() / 1000)));
    }
    if (stored.version() == 0) {
      return request
          .conditionExpression(SAME_OR_NO_VERSION)
          .expressionAttributeNames(Map.of("#k", partitionKey, "#v", SystemAttributes.VERSION))
          .expressionAttributeValues(Map.of(":v", number(0)));
    }
    return request
        .conditionExpression(SAME_VERSION)
        .expressionAttributeNames(Map.of("#v", SystemAttributes.VERSION))
        .expressionAttributeValues(Map.of(":v", number(stored.version())));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }
}
