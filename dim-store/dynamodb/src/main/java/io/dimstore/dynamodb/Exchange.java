package io.dimstore.dynamodb;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpHeaders;

/** What one request did on the wire: how often it was sent, and how many bytes went each way. */
final class Exchange {

  /**
   * Carries the exchange through the SDK. The SDK keeps the names of all attributes of the process
   * and refuses one twice, so a second class loader with this class needs a name of its own.
   */
  static final ExecutionAttribute<Exchange> ATTRIBUTE =
      new ExecutionAttribute<>("dimstore-exchange-" + UUID.randomUUID());

  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  int retries() {
    return Math.max(0, attempts.get() - 1);
  }

  long bytes() {
    return bytes.get();
  }

  /** Tells each request's exchange what happens to it. */
  static final class Recorder implements ExecutionInterceptor {

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes all) {
      Exchange exchange = all.getAttribute(ATTRIBUTE);
      if (exchange != null) {
        exchange.attempts.incrementAndGet();
        exchange.add(context.httpRequest());
      }
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes all) {
      Exchange exchange = all.getAttribute(ATTRIBUTE);
      if (exchange != null) {
        exchange.add(context.httpResponse());
      }
    }
  }

  private void add(SdkHttpHeaders message) {
    message
        .firstMatchingHeader("Content-Length")
        .ifPresent(length -> bytes.addAndGet(Long.parseLong(length.trim())));
  }
}
