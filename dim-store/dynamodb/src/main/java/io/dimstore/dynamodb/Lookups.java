package io.dimstore.dynamodb;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Where lookups are asked: the service itself, or a DAX cluster, which only eventual ones go to.
 *
 * @param dax null where there is none
 */
record Lookups(DynamoDbAsyncClient service, @Nullable DaxCluster dax) {

  CompletableFuture<BatchGetItemResponse> ask(BatchGetItemRequest request) {
    return dax == null || isStrong(request) ? service.batchGetItem(request) : dax.batchGet(request);
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
