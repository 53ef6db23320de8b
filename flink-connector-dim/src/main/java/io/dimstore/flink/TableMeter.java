package io.dimstore.flink;

import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Counts what one subtask does with a table, for Flink's reporters and for the process. */
final class TableMeter {

  private final LongAdder mine = new LongAdder();
  private final LongAdder ofProcess;

  private TableMeter(LongAdder ofProcess) {
    this.ofProcess = ofProcess;
  }

  /** A count that appears as {@code dim.table.<table>.<figure>} in the group. */
  static TableMeter of(DimTable table, String figure, MetricGroup group) {
    String name = table.layout().table();
    TableMeter meter =
        new TableMeter(DimMetrics.count(DimMetrics.table(table.store().id(), name, figure)));
    group
        .addGroup("dim")
        .addGroup("table")
        .addGroup(name)
        .gauge(figure, (Gauge<Long>) meter.mine::sum);
    return meter;
  }

  void add(long delta) {
    mine.add(delta);
    ofProcess.add(delta);
  }
}
