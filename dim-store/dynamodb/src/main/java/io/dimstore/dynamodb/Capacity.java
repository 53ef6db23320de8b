package io.dimstore.dynamodb;

import io.dimstore.spi.SharedBudget.Part;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store may use of each of its tables in a second. The options name the bound of the whole
 * job; the store keeps to the parts that have joined. Thread-safe.
 */
final class Capacity {

  private final Map<Use, Double> unitsPerSecond = new EnumMap<>(Use.class);
  private final double firstReadUnits;
  private final boolean showHotKeys;
  private final StoreMetrics metrics;
  private final LongSupplier clock;
  private final UnitBucket.Timer timer;
  private final Map<Use, Map<String, Shared>> tables = new EnumMap<>(Use.class);

  Capacity(StoreConfig config, StoreMetrics metrics, LongSupplier clock, UnitBucket.Timer timer) {
    unitsPerSecond.put(Use.READ, bound(config.find(DynamoDbOptions.READ_UNITS_PER_SECOND)));
    unitsPerSecond.put(Use.WRITE, bound(config.find(DynamoDbOptions.WRITE_UNITS_PER_SECOND)));
    for (Use use : Use.values()) {
      tables.put(use, new ConcurrentHashMap<>());
    }
    this.firstReadUnits = config.get(DynamoDbOptions.CONSISTENT_READS) ? 1 : 0.5;
    this.showHotKeys = config.get(DynamoDbOptions.HOT_KEYS);
    this.metrics = metrics;
    this.clock = clock;
    this.timer = timer;
  }

  private static double bound(@Nullable Integer unitsPerSecond) {
    return unitsPerSecond == null ? Double.POSITIVE_INFINITY : unitsPerSecond;
  }

  /** The reads or writes of a table. */
  Throughput of(Use use, String table) {
    return shared(use, table).throughput;
  }

  /** Takes part in the bound of a table. */
  Part join(Use use, String table, double fraction) {
    return shared(use, table).join(fraction);
  }

  /** The service has throttled a partition; it does not say of which table. */
  void partitionThrottled() {
    tables
        .values()
        .forEach(of -> of.values().forEach(one -> one.throughput.hot().partitionThrottled()));
  }

  /** Fails what waits. */
  void close() {
    tables.values().forEach(of -> of.values().forEach(one -> one.throughput.bucket().close()));
  }

  private Shared shared(Use use, String table) {
    Map<String, Shared> all = tables.get(use);
    if (all == null) {
      throw new IllegalStateException("No tables for " + use);
    }
    Shared found = all.get(table);
    return found != null ? found : all.computeIfAbsent(table, name -> new Shared(use, name));
  }

  /** The bound of one table, and who has which part of it. */
  private final class Shared {
    private final double whole;
    private final Throughput throughput;
    private final List<Double> parts = new ArrayList<>();

    Shared(Use use, String table) {
      this.whole = unitsPerSecond.getOrDefault(use, Double.POSITIVE_INFINITY);
      this.throughput =
          new Throughput(
              new UnitBucket(whole, clock, timer),
              new Throughput.Smoothed(use == Use.READ ? firstReadUnits : 1),
              new Throughput.Smoothed(firstReadUnits),
              new HotKeyReport(
                  table, use.name().toLowerCase(Locale.ROOT), showHotKeys, metrics, clock));
    }

    Part join(double fraction) {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException("A part of " + fraction);
      }
      change(fraction, true);
      return new Part() {
        private boolean left;

        @Override
        public synchronized void close() {
          if (!left) {
            left = true;
            change(fraction, false);
          }
        }
      };
    }

    private synchronized void change(Double fraction, boolean joins) {
      if (joins) {
        parts.add(fraction);
      } else {
        parts.remove(fraction);
      }
      double sum = parts.stream().mapToDouble(Double::doubleValue).sum();
      throughput.bucket().setRate(parts.isEmpty() ? whole : whole * sum);
    }
  }
}
