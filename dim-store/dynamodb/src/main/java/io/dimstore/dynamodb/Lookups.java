package io.dimstore.dynamodb;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Where lookups are asked: the service itself, or a DAX cluster, which only eventual ones go to.
 *
 * @param service asks the service itself
 * @param dax null where there is none
 */
record Lookups(
    Function<BatchGetItemRequest, CompletableFuture<BatchGetItemResponse>> service,
    @Nullable DaxCluster dax) {

  CompletableFuture<BatchGetItemResponse> ask(BatchGetItemRequest request) {
    return dax == null || isStrong(request) ? service.apply(request) : dax.batchGet(request);
  }

  private static boolean isStrong(BatchGetItemRequest request) {
    for (KeysAndAttributes keys : request.requestItems().values()) {
      if (Boolean.TRUE.equals(keys.consistentRead())) {
        return true;
      }
    }
    return false;
  }
}
