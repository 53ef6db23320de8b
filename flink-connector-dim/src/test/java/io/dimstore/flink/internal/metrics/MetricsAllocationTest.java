// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dimstore.flink.RecordedMetrics;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that counting allocates nothing once a name is known. */
class MetricsAllocationTest {

  private static final int CALLS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final StoreMeter meter = new StoreMeter("allocation", List.of());

  @Test
  void reportsOfAStoreAllocateNothing() {
    meter.join(new RecordedMetrics());
    StoreMetrics.Request request =
        new StoreMetrics.Request(
            "server", StoreMetrics.Operation.GET, 10, 100, 1_000, 1, 0.5, 0.5, null);
    assertThat(bytesOf(() -> meter.request(request))).as("a request").isLessThan(CALLS);
    assertThat(bytesOf(() -> meter.count("fill", 1))).as("a count").isLessThan(CALLS);
    assertThat(bytesOf(() -> meter.gauge("state", 1))).as("a gauge").isLessThan(CALLS);
    assertThat(bytesOf(() -> meter.gauge("keys", "t", 1)))
        .as("a gauge of a table")
        .isLessThan(CALLS);
  }

  @Test
  void countsOfLookupsAllocateNothing() {
    TableCounters table = meter.table("t");
    RecentLatency latency = new RecentLatency();
    assertThat(bytesOf(() -> table.read(10))).as("a read").isLessThan(CALLS);
    assertThat(bytesOf(table::coalesced)).as("a coalesced lookup").isLessThan(CALLS);
    assertThat(bytesOf(() -> table.retry(StoreException.Kind.TIMEOUT)))
        .as("a retry")
        .isLessThan(CALLS);
    assertThat(bytesOf(() -> latency.update(123_456))).as("a duration").isLessThan(CALLS);
  }

  /** Returns the bytes that many calls allocate. */
  private long bytesOf(Runnable call) {
    repeat(call);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(call);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void repeat(Runnable call) {
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
  }
}
