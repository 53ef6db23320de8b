// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.DimMetrics;
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

  /** Creates a counter that Flink reports as {@code dim.table.<table>.<figure>} in the group. */
  public static TableMeter of(DimTable table, String figure, MetricGroup group) {
    String name = table.layout().table();
    TableMeter meter =
        new TableMeter(MetricRegistry.counter(DimMetrics.table(table.store().id(), name, figure)));
    group
        .addGroup("dim")
        .addGroup("table")
        .addGroup(name)
        .gauge(figure, (Gauge<Long>) meter.mine::sum);
    return meter;
  }

  public void add(long delta) {
    mine.add(delta);
    ofProcess.add(delta);
  }
}
