// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.internal.cache.CacheMeter;
import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.metrics.RecentLatency;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.TableMeter;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Counts the lookups of one subtask. Counting neither waits nor allocates. Thread-safe. */
final class LookupMeter implements CacheMeter {

  private final TableMeter lookups;
  private final TableMeter found;
  private final TableMeter failed;
  private final LongAdder inFlight = new LongAdder();
  private final RecentLatency latency = new RecentLatency();
  private final TableMeter cacheHits;
  private final TableMeter cacheAbsentHits;
  private final TableMeter cacheMisses;
  private final RecentLatency cacheAge = new RecentLatency();

  LookupMeter(DimTable table, MetricGroup operator) {
    this.lookups = TableMeter.of(table, ConnectorMetric.LOOKUPS, operator);
    this.found = TableMeter.of(table, ConnectorMetric.LOOKUPS_FOUND, operator);
    this.failed = TableMeter.of(table, ConnectorMetric.LOOKUPS_FAILED, operator);
    this.cacheHits = TableMeter.of(table, ConnectorMetric.CACHE_HITS, operator);
    this.cacheAbsentHits = TableMeter.of(table, ConnectorMetric.CACHE_ABSENT_HITS, operator);
    this.cacheMisses = TableMeter.of(table, ConnectorMetric.CACHE_MISSES, operator);
    MetricGroup group = TableMeter.group(table, operator);
    group.gauge(ConnectorMetric.LOOKUPS_IN_FLIGHT.metric(), (Gauge<Long>) inFlight::sum);
    group.histogram(ConnectorMetric.LOOKUP_NANOS.metric(), latency);
    group.histogram(ConnectorMetric.CACHE_AGE_NANOS.metric(), cacheAge);
  }

  /** Counts a lookup that begins, and returns the time to pass to {@link #end}. */
  long begin() {
    lookups.add(1);
    inFlight.increment();
    return System.nanoTime();
  }

  /** Counts the end of a lookup that succeeded or failed. */
  void end(long beganNanos, boolean succeeded) {
    inFlight.decrement();
    latency.update(System.nanoTime() - beganNanos);
    if (!succeeded) {
      failed.add(1);
    }
  }

  @Override
  public void hit(boolean absent, long ageNanos) {
    cacheHits.add(1);
    if (absent) {
      cacheAbsentHits.add(1);
    }
    cacheAge.update(ageNanos);
  }

  @Override
  public void miss() {
    cacheMisses.add(1);
  }

  /** Counts a lookup that returns a row. */
  void found() {
    found.add(1);
  }
}
