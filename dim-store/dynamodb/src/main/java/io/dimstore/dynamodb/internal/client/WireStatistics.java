// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpHeaders;

/** Counts the attempts of one request, and the bytes sent and received. */
final class WireStatistics {

  /**
   * Passes the statistics of a request through the SDK. The SDK refuses a second attribute of the
   * same name in the process, so each class loader with this class needs a name of its own.
   */
  static final ExecutionAttribute<WireStatistics> ATTRIBUTE =
      new ExecutionAttribute<>("dimstore-wire-statistics-" + UUID.randomUUID());

  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  int retries() {
    return Math.max(0, attempts.get() - 1);
  }

  long bytes() {
    return bytes.get();
  }

  /** Counts each attempt and its bytes. */
  static final class Recorder implements ExecutionInterceptor {

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes all) {
      WireStatistics statistics = all.getAttribute(ATTRIBUTE);
      if (statistics != null) {
        statistics.attempts.incrementAndGet();
        statistics.add(context.httpRequest());
      }
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes all) {
      WireStatistics statistics = all.getAttribute(ATTRIBUTE);
      if (statistics != null) {
        statistics.add(context.httpResponse());
      }
    }
  }

  private void add(SdkHttpHeaders message) {
    message
        .firstMatchingHeader("Content-Length")
        .ifPresent(length -> bytes.addAndGet(Long.parseLong(length.trim())));
  }
}
