// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/**
 * Rejects a successful response to a write that lacks the consumed capacity of its table, which
 * every request asks for. Such a response, for instance an empty object from a proxy, does not come
 * from the service and would acknowledge a write that never happened. The outcome is unknown, and
 * the write is retried.
 */
final class ResponseCheck implements ExecutionInterceptor {

  @Override
  public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes all) {
    SdkResponse answer = context.response();
    boolean isWhole = true;
    if (answer instanceof PutItemResponse put
        && context.request() instanceof PutItemRequest asked) {
      isWhole = isOf(put.consumedCapacity(), asked.tableName());
    } else if (answer instanceof BatchWriteItemResponse batch
        && context.request() instanceof BatchWriteItemRequest asked) {
      isWhole =
          batch.hasConsumedCapacity()
              && batch.consumedCapacity().stream()
                  .allMatch(each -> isOf(each, asked.requestItems().keySet().iterator().next()));
    }
    if (!isWhole) {
      throw RetryableException.create(
          "The response lacks the consumed capacity of the table: it is not the service's");
    }
  }

  private static boolean isOf(@Nullable ConsumedCapacity consumed, String table) {
    return consumed != null && (consumed.tableName() == null || consumed.tableName().equals(table));
  }
}
