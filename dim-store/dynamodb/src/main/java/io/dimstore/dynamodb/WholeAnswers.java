package io.dimstore.dynamodb;

import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/**
 * Takes a success that lacks what every request asks for, the consumed capacity, for nobody's
 * answer: an empty object from something between here and the service would acknowledge a write
 * that never happened. The outcome is unknown, and the write is sent again.
 */
final class WholeAnswers implements ExecutionInterceptor {

  @Override
  public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes all) {
    SdkResponse answer = context.response();
    boolean isWhole =
        answer instanceof PutItemResponse put
            ? put.consumedCapacity() != null
            : !(answer instanceof BatchWriteItemResponse batch) || batch.hasConsumedCapacity();
    if (!isWhole) {
      throw RetryableException.create(
          "The answer does not say what the write consumed: it is not the service's");
    }
  }
}
