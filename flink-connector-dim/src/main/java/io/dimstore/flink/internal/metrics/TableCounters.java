// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
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
  private final Sum cacheEvictions;
  private final Sum cacheGaps;
  private final Sum cacheStaleAnswers;
  private final Level cacheBytes;
  private final Level cacheEntries;
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

  /** A present value of one open store, and that of the process. */
  private record Level(AtomicLong ofStore, AtomicLong ofProcess) {

    private static Level of(String name) {
      return new Level(new AtomicLong(), MetricRegistry.gauge(name));
    }

    private void add(long delta) {
      ofStore.addAndGet(delta);
      ofProcess.addAndGet(delta);
    }
  }

  /** Shows values in a metric group. */
  interface Shown {

    /** Shows a sum, which grows. */
    void sum(MetricGroup group, String name, Supplier<Number> sum);

    /** Shows a value that grows and shrinks. */
    void level(MetricGroup group, String name, LongSupplier level);
  }

  TableCounters(String store, String table) {
    this.table = table;
    this.reads = Sum.of(DimMetrics.table(store, table, DimMetrics.READS));
    this.keysRead = Sum.of(DimMetrics.table(store, table, DimMetrics.KEYS_READ));
    this.keysCoalesced = Sum.of(DimMetrics.table(store, table, DimMetrics.KEYS_COALESCED));
    this.cacheEvictions = Sum.of(DimMetrics.table(store, table, DimMetrics.CACHE_EVICTIONS));
    this.cacheGaps = Sum.of(DimMetrics.table(store, table, DimMetrics.CACHE_GAPS));
    this.cacheStaleAnswers = Sum.of(DimMetrics.table(store, table, DimMetrics.CACHE_STALE_ANSWERS));
    this.cacheBytes = Level.of(DimMetrics.table(store, table, DimMetrics.CACHE_BYTES));
    this.cacheEntries = Level.of(DimMetrics.table(store, table, DimMetrics.CACHE_ENTRIES));
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

  /** Counts an entry of the cache that was evicted because of the limit of bytes. */
  public void cacheEvicted() {
    cacheEvictions.add(1);
  }

  /** Counts an interruption of following the table's change feed. */
  public void cacheGap() {
    cacheGaps.add(1);
  }

  /** Counts an answer of the cache after a failure of the store. */
  public void cacheAnsweredStale() {
    cacheStaleAnswers.add(1);
  }

  /** Records that the cache grew, or shrank if the values are negative. */
  public void cacheResized(long bytes, long entries) {
    cacheBytes.add(bytes);
    cacheEntries.add(entries);
  }

  /** Counts an attempt that follows one that failed in this way. */
  public void retry(StoreException.Kind failure) {
    Sum sum = retries.get(failure);
    if (sum != null) {
      sum.add(1);
    }
  }

  void show(MetricGroup group, Shown shown) {
    shown.sum(group, ConnectorMetric.READS.metric(), reads.ofStore()::sum);
    shown.sum(group, ConnectorMetric.KEYS_READ.metric(), keysRead.ofStore()::sum);
    shown.sum(group, ConnectorMetric.KEYS_COALESCED.metric(), keysCoalesced.ofStore()::sum);
    shown.sum(group, ConnectorMetric.CACHE_EVICTIONS.metric(), cacheEvictions.ofStore()::sum);
    shown.sum(group, ConnectorMetric.CACHE_GAPS.metric(), cacheGaps.ofStore()::sum);
    shown.sum(
        group, ConnectorMetric.CACHE_STALE_ANSWERS.metric(), cacheStaleAnswers.ofStore()::sum);
    shown.level(group, ConnectorMetric.CACHE_BYTES.metric(), cacheBytes.ofStore()::get);
    shown.level(group, ConnectorMetric.CACHE_ENTRIES.metric(), cacheEntries.ofStore()::get);
    retries.forEach(
        (kind, sum) ->
            shown.sum(
                group.addGroup("reason", ConnectorMetric.lowerCase(kind)),
                ConnectorMetric.RETRIES.metric(),
                sum.ofStore()::sum));
  }
}
