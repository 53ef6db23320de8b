// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.registry.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts the operations of one subtask on a table, both for Flink's reporters and for the process.
 */
public final class TableMeter {

  private final LongAdder mine = new LongAdder();
  private final LongAdder ofProcess;

  private TableMeter(LongAdder ofProcess) {
    this.ofProcess = ofProcess;
  }

  /** Creates a counter of a table, which Flink reports in the operator's group. */
  public static TableMeter of(DimTable table, ConnectorMetric metric, MetricGroup operator) {
    TableMeter meter =
        new TableMeter(
            MetricRegistry.counter(
                DimMetrics.table(table.store().id(), table.layout().table(), metric.metric())));
    group(table, operator).gauge(metric.metric(), (Gauge<Long>) meter.mine::sum);
    return meter;
  }

  /** Returns the group of a table's metrics within an operator's. */
  public static MetricGroup group(DimTable table, MetricGroup operator) {
    return ConnectorMetric.group(operator, table.store().id(), table.layout().table());
  }

  public void add(long delta) {
    mine.add(delta);
    ofProcess.add(delta);
  }
}
