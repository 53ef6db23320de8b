// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.metrics.RecentLatency;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.TableMeter;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Counts the lookups of one subtask. Counting neither waits nor allocates. Thread-safe. */
final class LookupMeter {

  private final TableMeter lookups;
  private final TableMeter found;
  private final TableMeter failed;
  private final LongAdder inFlight = new LongAdder();
  private final RecentLatency latency = new RecentLatency();

  LookupMeter(DimTable table, MetricGroup operator) {
    this.lookups = TableMeter.of(table, ConnectorMetric.LOOKUPS, operator);
    this.found = TableMeter.of(table, ConnectorMetric.LOOKUPS_FOUND, operator);
    this.failed = TableMeter.of(table, ConnectorMetric.LOOKUPS_FAILED, operator);
    MetricGroup group = TableMeter.group(table, operator);
    group.gauge(ConnectorMetric.LOOKUPS_IN_FLIGHT.metric(), (Gauge<Long>) inFlight::sum);
    group.histogram(ConnectorMetric.LOOKUP_NANOS.metric(), latency);
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

  /** Counts a lookup that returns a row. */
  void found() {
    found.add(1);
  }
}
