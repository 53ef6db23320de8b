package io.dimstore.dynamodb;

import io.dimstore.dynamodb.HotKeys.Hot;
import io.dimstore.spi.StoreMetrics;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tells which keys of a table are hot. Keys may be personal, so they are shown only where the
 * option says so; which part of all the hottest one asks for is told at any time. Nothing is
 * counted until the option says so or the service throttles a partition. Thread-safe.
 */
final class HotKeyReport {

  private static final Logger LOG = LoggerFactory.getLogger(HotKeyReport.class);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WARN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long AGE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int SHOWN = 10;

  private final String name;
  private final boolean shown;
  private final StoreMetrics metrics;
  private final LongSupplier clock;
  private final HotKeys keys = new HotKeys();
  private final AtomicLong toldAt;
  private final AtomicLong warnedAt;
  private final AtomicLong agedAt;
  private volatile boolean counting;

  /**
   * Nothing counted yet.
   *
   * @param table the table's name in the service
   * @param use what the keys are asked for: {@code read} or {@code write}
   * @param shown whether keys may be shown
   * @param clock monotonic nanoseconds
   */
  HotKeyReport(String table, String use, boolean shown, StoreMetrics metrics, LongSupplier clock) {
    this.name = "hot-keys." + table + "." + use;
    this.shown = shown;
    this.metrics = metrics;
    this.clock = clock;
    this.counting = shown;
    long now = clock.getAsLong();
    this.toldAt = new AtomicLong(now);
    this.warnedAt = new AtomicLong(now - WARN_NANOS);
    this.agedAt = new AtomicLong(now);
  }

  /** Whether {@link #add} counts. */
  boolean isCounting() {
    return counting;
  }

  void add(Object key, double units) {
    if (counting) {
      keys.add(key, units);
    }
  }

  /** Tells now and then; called after requests. */
  void tellIfDue() {
    if (!counting) {
      return;
    }
    if (isDue(agedAt, AGE_NANOS)) {
      keys.age();
    }
    if (isDue(toldAt, TELL_NANOS)) {
      tell();
    }
  }

  /** The service throttled a partition of some table of the store. */
  void partitionThrottled() {
    counting = true;
    List<Hot> top = tell();
    if (!top.isEmpty() && isDue(warnedAt, WARN_NANOS)) {
      LOG.warn(
          "DynamoDB throttles a partition; {}: {}",
          name,
          shown
              ? text(top)
              : percent(top.get(0))
                  + " of all for the hottest key; set option 'hot-keys' to see which");
    }
  }

  private List<Hot> tell() {
    List<Hot> top = keys.top(SHOWN);
    if (!top.isEmpty()) {
      metrics.gauge(name + ".hottest-percent", Math.round(100 * top.get(0).share()));
      if (shown) {
        metrics.note(name, text(top));
      }
    }
    return top;
  }

  private boolean isDue(AtomicLong last, long every) {
    long now = clock.getAsLong();
    long before = last.get();
    return now - before >= every && last.compareAndSet(before, now);
  }

  private static String text(List<Hot> top) {
    return top.stream()
        .map(hot -> describe(hot.key()) + " " + percent(hot))
        .collect(Collectors.joining(", "));
  }

  private static String describe(Object key) {
    if (!(key instanceof Map<?, ?> attributes)) {
      return key.toString();
    }
    return attributes.values().stream()
        .map(value -> value instanceof AttributeValue attribute ? text(attribute) : "?")
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String text(AttributeValue key) {
    if (key.s() != null) {
      return key.s();
    }
    return key.n() != null ? key.n() : Base64.getEncoder().encodeToString(key.b().asByteArray());
  }

  private static String percent(Hot hot) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * hot.share());
  }
}
