// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.spi.StoreMetrics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The service's time: the Date header of a recent response, continued with the monotonic clock.
 * Before the first response it is this machine's time. Reports how far the service's clock is ahead
 * of this machine's ({@code clock.skew.ms}), and counts jumps of this machine's clock ({@code
 * clock.jump}). Thread-safe.
 */
public final class DynamoDbClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(DynamoDbClock.class);

  /** Smaller differences may come from the header's whole seconds or from a slow response. */
  static final long NOTICEABLE_MILLIS = 5_000;

  private static final long SAMPLE_NANOS = 1_000_000_000L;

  /** Half of the resolution of the header, which is truncated to whole seconds. */
  private static final long HALF_SECOND_MILLIS = 500;

  private final InstantSource local;
  private final LongSupplier nanoTime;
  private final StoreMetrics metrics;
  private volatile @Nullable Sample sample;
  private long reportedSkew;

  DynamoDbClock(InstantSource local, LongSupplier nanoTime, StoreMetrics metrics) {
    this.local = local;
    this.nanoTime = nanoTime;
    this.metrics = metrics;
  }

  private record Sample(long serverMillis, long localMillis, long nanos) {}

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    Sample last = sample;
    return last == null ? local.millis() : last.serverMillis + sinceMillis(last);
  }

  /**
   * Returns by how many milliseconds the service's clock is ahead of this machine's: negative if it
   * is behind, 0 if the difference is unknown or below 5 seconds.
   */
  public long skewMillis() {
    if (sample == null) {
      return 0;
    }
    long skew = millis() - local.millis();
    return Math.abs(skew) < NOTICEABLE_MILLIS ? 0 : skew;
  }

  private long sinceMillis(Sample last) {
    return (nanoTime.getAsLong() - last.nanos) / 1_000_000;
  }

  private boolean isDue() {
    Sample last = sample;
    return last == null || nanoTime.getAsLong() - last.nanos >= SAMPLE_NANOS;
  }

  /** Takes the time from the Date header of a response. Ignores a text that is not a date. */
  void observe(String date) {
    long server;
    try {
      server =
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli()
              + HALF_SECOND_MILLIS;
    } catch (DateTimeParseException e) {
      return;
    }
    synchronized (this) {
      Sample last = sample;
      Sample now = new Sample(server, local.millis(), nanoTime.getAsLong());
      sample = now;
      if (last != null) {
        reportJump(last, now);
      }
      reportSkew(now);
    }
  }

  private void reportJump(Sample last, Sample now) {
    long jump = now.localMillis - last.localMillis - (now.nanos - last.nanos) / 1_000_000;
    if (Math.abs(jump) >= NOTICEABLE_MILLIS) {
      metrics.count("clock.jump", 1);
      LOG.warn(
          "This machine's clock jumped by {} ms. It decides when rows expire; see 'Clocks' in"
              + " docs/dynamodb.md.",
          jump);
    }
  }

  private void reportSkew(Sample now) {
    long skew = now.serverMillis - now.localMillis;
    metrics.gauge("clock.skew.ms", skew);
    if (Math.abs(skew) >= NOTICEABLE_MILLIS && Math.abs(skew - reportedSkew) >= NOTICEABLE_MILLIS) {
      reportedSkew = skew;
      LOG.warn(
          "DynamoDB's clock is {} ms ahead of this machine's (behind, if negative). Rows expire by"
              + " this machine's clock; see 'Clocks' in docs/dynamodb.md. Remedy: synchronize the"
              + " clock with NTP.",
          skew);
    } else if (Math.abs(skew) < NOTICEABLE_MILLIS) {
      reportedSkew = 0;
    }
  }

  /** Reads the Date header of every response, or of at most one response a second. */
  static final class Observer implements ExecutionInterceptor {

    private final DynamoDbClock clock;
    private final boolean everyAnswer;

    Observer(DynamoDbClock clock, boolean everyAnswer) {
      this.clock = clock;
      this.everyAnswer = everyAnswer;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes all) {
      if (everyAnswer || clock.isDue()) {
        context.httpResponse().firstMatchingHeader("Date").ifPresent(clock::observe);
      }
    }
  }
}
