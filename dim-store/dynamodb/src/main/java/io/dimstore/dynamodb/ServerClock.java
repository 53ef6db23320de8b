package io.dimstore.dynamodb;

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
 * The service's time, as the Date header of its answers gives it and the monotonic clock carries it
 * on; before the first answer, this machine's time. Reports how far this machine's clock is off
 * ({@code clock.skew-millis}), and each time that it jumps ({@code clock.jumps}). Thread-safe.
 */
final class ServerClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** Differences below this are what the header's whole seconds and slow answers explain. */
  static final long NOTICEABLE_MILLIS = 5_000;

  private static final long SAMPLE_NANOS = 1_000_000_000L;

  /** The header is cut to whole seconds. */
  private static final long HALF_SECOND_MILLIS = 500;

  private final InstantSource local;
  private final LongSupplier nanoTime;
  private final StoreMetrics metrics;
  private volatile @Nullable Sample sample;
  private long reportedSkew;

  ServerClock(InstantSource local, LongSupplier nanoTime, StoreMetrics metrics) {
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
   * By how much the service's clock is ahead of this machine's; negative where it is behind, and 0
   * where the difference is not noticeable or not known.
   */
  long skewMillis() {
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

  /** Takes the time that an answer carries. */
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
      metrics.count("clock.jumps", 1);
      LOG.warn(
          "This machine's clock jumped by {} ms. It decides when rows expire; see 'Clocks' in"
              + " docs/dynamodb.md.",
          jump);
    }
  }

  private void reportSkew(Sample now) {
    long skew = now.serverMillis - now.localMillis;
    metrics.gauge("clock.skew-millis", skew);
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

  /** Reads the time of every answer, or of one answer a second. */
  static final class Observer implements ExecutionInterceptor {

    private final ServerClock clock;
    private final boolean everyAnswer;

    Observer(ServerClock clock, boolean everyAnswer) {
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
