// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.dynamodb.internal.capacity.HotKeys.Hot;
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
 * Reports which keys of a table are hot. Keys may be personal data, so they are shown only if
 * option {@code hot-keys} is set; the share of the hottest key is always reported. Keys are not
 * counted until the option is set or the service throttles a partition. Thread-safe.
 */
public final class HotKeyReport {

  private static final Logger LOG = LoggerFactory.getLogger(HotKeyReport.class);
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WARN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long AGE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int SHOWN = 10;

  private final String table;
  private final String name;
  private final boolean shown;
  private final StoreMetrics metrics;
  private final LongSupplier clock;
  private final HotKeys keys = new HotKeys();
  private final AtomicLong reportedAt;
  private final AtomicLong warnedAt;
  private final AtomicLong agedAt;
  private volatile boolean counting;

  /**
   * Creates a report without any counts.
   *
   * @param table the table's name in the service
   * @param use what is counted: {@code read} or {@code write}
   * @param shown whether keys may be shown
   * @param clock monotonic nanoseconds
   */
  HotKeyReport(String table, String use, boolean shown, StoreMetrics metrics, LongSupplier clock) {
    this.table = table;
    this.name = "hot-keys." + use;
    this.shown = shown;
    this.metrics = metrics;
    this.clock = clock;
    this.counting = shown;
    long now = clock.getAsLong();
    this.reportedAt = new AtomicLong(now);
    this.warnedAt = new AtomicLong(now - WARN_NANOS);
    this.agedAt = new AtomicLong(now);
  }

  /**
   * Returns whether {@link #add} counts keys. Callers may skip {@link #add} while this is false.
   */
  public boolean isCounting() {
    return counting;
  }

  public void add(Object key, double units) {
    if (counting) {
      keys.add(key, units);
    }
  }

  /**
   * Reports the hottest keys if the last report is 10 seconds old; to be called after each request.
   */
  public void reportIfDue() {
    if (!counting) {
      return;
    }
    if (isDue(agedAt, AGE_NANOS)) {
      keys.age();
    }
    if (isDue(reportedAt, REPORT_NANOS)) {
      report();
    }
  }

  /**
   * Notes that the service throttled a partition of some table of the store. Starts counting, and
   * logs the hottest keys at most once a minute.
   */
  void partitionThrottled() {
    counting = true;
    List<Hot> top = report();
    if (!top.isEmpty() && isDue(warnedAt, WARN_NANOS)) {
      LOG.warn(
          "DynamoDB throttles a partition of table {}; {}: {}",
          table,
          name,
          shown
              ? text(top)
              : percent(top.get(0))
                  + " of all requests are for the hottest key; set option 'hot-keys' to log it");
    }
  }

  private List<Hot> report() {
    List<Hot> top = keys.top(SHOWN);
    if (!top.isEmpty()) {
      metrics.gauge(name + ".hottest-percent", table, Math.round(100 * top.get(0).share()));
      if (shown) {
        metrics.note(name + "." + table, text(top));
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
