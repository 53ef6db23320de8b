package io.dimstore.features;

import io.dimstore.features.oracle.OracleEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.table.data.RowData;

/** Prints what the look-back operator costs on the real file: CPU microseconds an event. */
final class LookBackCost {

  private LookBackCost() {}

  public static void main(String[] args) throws Exception {
    List<OracleEvent> events = OnlineRetailFile.events();
    for (int round = 0; round < 4; round++) {
      measure("hashmap", new HashMapStateBackend(), events);
    }
    measure("rocksdb", new EmbeddedRocksDBStateBackend(), events.subList(0, 100_000));
  }

  private static void measure(String name, StateBackend backend, List<OracleEvent> events)
      throws Exception {
    try (LookBackHarness harness = new LookBackHarness(backend, Duration.ofDays(1)).open()) {
      List<RowData> rows = new ArrayList<>(events.size());
      for (OracleEvent event : events) {
        rows.add(harness.row(event));
      }
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (RowData row : rows) {
        harness.send(row);
        harness.forgetOutput();
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
      System.out.printf(
          "%s: %d events, %.2f us CPU an event%n",
          name, events.size(), spent / 1e3 / events.size());
    }
  }
}
