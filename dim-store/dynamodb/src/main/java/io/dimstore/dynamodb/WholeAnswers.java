package io.dimstore.dynamodb;

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
 * Takes a success that lacks what every request asks for, the capacity that it consumed of its
 * table, for nobody's answer: an empty object from something between here and the service would
 * acknowledge a write that never happened. The outcome is unknown, and the write is sent again.
 */
final class WholeAnswers implements ExecutionInterceptor {

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
          "The answer does not say what the write consumed of its table: it is not the service's");
    }
  }

  private static boolean isOf(@Nullable ConsumedCapacity consumed, String table) {
    return consumed != null && (consumed.tableName() == null || consumed.tableName().equals(table));
  }
}
