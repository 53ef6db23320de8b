// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts what all tasks of a process that share a store do together with one table. Counting
 * neither waits nor allocates. Thread-safe.
 */
public final class TableCounters {

  private final String table;
  private final Sum reads;
  private final Sum keysRead;
  private final Sum keysCoalesced;
  private final Map<StoreException.Kind, Sum> retries = new EnumMap<>(StoreException.Kind.class);

  /** A sum of one open store, and the sum of the process. */
  private record Sum(LongAdder ofStore, LongAdder ofProcess) {

    private static Sum of(String name) {
      return new Sum(new LongAdder(), MetricRegistry.counter(name));
    }

    private void add(long delta) {
      ofStore.add(delta);
      ofProcess.add(delta);
    }
  }

  /** Shows a sum in a metric group. */
  @FunctionalInterface
  interface Shown {
    void show(MetricGroup group, String name, Supplier<Number> sum);
  }

  TableCounters(String store, String table) {
    this.table = table;
    this.reads = Sum.of(DimMetrics.table(store, table, DimMetrics.READS));
    this.keysRead = Sum.of(DimMetrics.table(store, table, DimMetrics.KEYS_READ));
    this.keysCoalesced = Sum.of(DimMetrics.table(store, table, DimMetrics.KEYS_COALESCED));
    for (StoreException.Kind kind : StoreException.Kind.values()) {
      if (kind.isRetryable()) {
        String name = DimMetrics.RETRIES + "." + ConnectorMetric.lowerCase(kind);
        retries.put(kind, Sum.of(DimMetrics.table(store, table, name)));
      }
    }
  }

  String table() {
    return table;
  }

  /** Counts a read of this many keys. */
  public void read(int keys) {
    reads.add(1);
    keysRead.add(keys);
  }

  /** Counts a lookup whose key was waiting already. */
  public void coalesced() {
    keysCoalesced.add(1);
  }

  /** Counts an attempt that follows one that failed in this way. */
  public void retry(StoreException.Kind failure) {
    Sum sum = retries.get(failure);
    if (sum != null) {
      sum.add(1);
    }
  }

  void show(MetricGroup group, Shown shown) {
    shown.show(group, ConnectorMetric.READS.metric(), reads.ofStore()::sum);
    shown.show(group, ConnectorMetric.KEYS_READ.metric(), keysRead.ofStore()::sum);
    shown.show(group, ConnectorMetric.KEYS_COALESCED.metric(), keysCoalesced.ofStore()::sum);
    retries.forEach(
        (kind, sum) ->
            shown.show(
                group.addGroup("reason", ConnectorMetric.lowerCase(kind)),
                ConnectorMetric.RETRIES.metric(),
                sum.ofStore()::sum));
  }
}
