// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * Sends strongly consistent lookups to the service, and others to the DAX cluster if there is one.
 *
 * @param service sends a request to the service itself
 * @param dax the DAX cluster, or null without one
 */
record LookupRouter(
    Function<BatchGetItemRequest, CompletableFuture<BatchGetItemResponse>> service,
    @Nullable DaxCluster dax) {

  CompletableFuture<BatchGetItemResponse> send(BatchGetItemRequest request) {
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
