// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.SharedBudget.Part;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.support.MovingAverage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The capacity units per second that a store may use of each of its tables. The options set the
 * limit of a whole operator; this store uses the sum of the shares that its subtasks have joined
 * with. Thread-safe.
 */
public final class Capacity {

  /** The weight of the last request in the moving averages of an entry's units. */
  private static final double WEIGHT_OF_LAST = 0.2;

  private final Map<Use, Double> unitsPerSecond = new EnumMap<>(Use.class);
  private final double firstReadUnits;
  private final boolean showHotKeys;
  private final StoreMetrics metrics;
  private final LongSupplier clock;
  private final CapacityLimiter.Timer timer;
  private final Map<Use, Map<String, Shared>> tables = new EnumMap<>(Use.class);

  public Capacity(
      StoreConfig config, StoreMetrics metrics, LongSupplier clock, CapacityLimiter.Timer timer) {
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

  /** Returns the limiter, averages and hot keys of the reads or writes of a table. */
  public Throughput of(Use use, String table) {
    return shared(use, table).throughput;
  }

  /** Adds a share to this store's part of a table's limit, until the returned part is closed. */
  public Part join(Use use, String table, double fraction) {
    return shared(use, table).join(fraction);
  }

  /** Notes that the service has throttled a partition. It does not say of which table. */
  public void partitionThrottled() {
    tables
        .values()
        .forEach(of -> of.values().forEach(one -> one.throughput.hot().partitionThrottled()));
  }

  /** Fails all waiting requests with CLOSED. */
  public void close() {
    tables.values().forEach(of -> of.values().forEach(one -> one.throughput.limiter().close()));
  }

  private Shared shared(Use use, String table) {
    Map<String, Shared> all = tables.get(use);
    if (all == null) {
      throw new IllegalStateException("No tables for " + use);
    }
    Shared found = all.get(table);
    return found != null ? found : all.computeIfAbsent(table, name -> new Shared(use, name));
  }

  /** The limit of one table for reads or writes, and the shares that have joined. */
  private final class Shared {
    private final double whole;
    private final Throughput throughput;
    private final List<Double> parts = new ArrayList<>();

    Shared(Use use, String table) {
      this.whole = unitsPerSecond.getOrDefault(use, Double.POSITIVE_INFINITY);
      this.throughput =
          new Throughput(
              new CapacityLimiter(whole, clock, timer),
              MovingAverage.assuming(use == Use.READ ? firstReadUnits : 1, WEIGHT_OF_LAST),
              MovingAverage.assuming(firstReadUnits, WEIGHT_OF_LAST),
              new HotKeyReport(
                  table, use.name().toLowerCase(Locale.ROOT), showHotKeys, metrics, clock));
    }

    Part join(double fraction) {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            "A share must be above 0 and at most 1, but was " + fraction);
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
      throughput.limiter().setRate(parts.isEmpty() ? whole : whole * sum);
    }
  }
}
