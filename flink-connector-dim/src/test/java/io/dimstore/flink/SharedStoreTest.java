package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.types.logical.BigIntType;
import org.junit.jupiter.api.Test;

class SharedStoreTest {

  @Test
  void usersWithEqualOptionsShareAStoreUntilTheLastHasLeft() {
    StoreRef ref = ref();
    int before = SharedStore.open();
    SharedStore.Lease first = SharedStore.lease(ref, new UnregisteredMetricsGroup());
    SharedStore.Lease second =
        SharedStore.lease(
            new StoreRef("memory", Map.copyOf(ref.options())), new UnregisteredMetricsGroup());
    assertThat(second.store()).isSameAs(first.store());
    assertThat(SharedStore.open()).isEqualTo(before + 1);
    SharedStore.Lease other = SharedStore.lease(ref(), new UnregisteredMetricsGroup());
    assertThat(other.store()).isNotSameAs(first.store());
    other.close();
    first.close();
    first.close();
    assertThat(SharedStore.open()).isEqualTo(before + 1);
    assertThat(second.store().ping().toCompletableFuture()).succeedsWithin(20, TimeUnit.SECONDS);
    second.close();
    assertThat(SharedStore.open()).isEqualTo(before);
  }

  @Test
  void openAndCloseLeaveNoThreads() throws Exception {
    for (int i = 0; i < 20; i++) {
      SharedStore.Lease lease = SharedStore.lease(ref(), new UnregisteredMetricsGroup());
      lease.prepare(table(), true);
      lease
          .batcher(table(), io.dimstore.spi.Projection.all(0))
          .get(Key.of(1L))
          .get(20, TimeUnit.SECONDS);
      lease.close();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("dim-memory-") && thread.isAlive());
  }

  @Test
  void everyRequestIsCountedOnceHoweverManyUsersThereAre() {
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    String name = "s" + UUID.randomUUID();
    StoreMeter meter = new StoreMeter(name);
    Recorder one = new Recorder();
    Recorder two = new Recorder();
    StoreMeter.User first = meter.join(one);
    meter.request(request());
    meter.join(two);
    meter.request(request());
    meter.count("fill", 3);

    String requests = "dim." + name + ".redis.get.requests";
    assertThat(one.value(requests)).isEqualTo(2L);
    assertThat(two.value(requests)).isEqualTo(0L);
    assertThat(two.value("dim." + name + ".redis.get.readUnits")).isEqualTo(0.0);
    assertThat(one.value("dim." + name + ".events.fill")).isEqualTo(3L);
    meter.gauge("breaker.state", 2);
    meter.gauge("breaker.state", 1);
    assertThat(one.value("dim." + name + ".gauges.breaker.state")).isEqualTo(1L);
    assertThat(two.value("dim." + name + ".gauges.breaker.state")).isEqualTo(0L);
    meter.leave(first);
    assertThat(two.value("dim." + name + ".gauges.breaker.state")).isEqualTo(1L);
    assertThat(two.value(requests)).isEqualTo(2L);
    assertThat(one.value(requests)).isEqualTo(0L);

    DimMetrics.Snapshot after = DimMetrics.snapshot().since(before);
    String kind = DimMetrics.requests(name, "redis", StoreMetrics.Operation.GET);
    assertThat(after.value(kind + "." + DimMetrics.REQUESTS)).isEqualTo(2);
    assertThat(after.value(kind + "." + DimMetrics.KEYS)).isEqualTo(20);
    assertThat(after.value(kind + "." + DimMetrics.READ_UNITS)).isEqualTo(1);
    assertThat(after.value("store." + name + ".events.fill")).isEqualTo(3);
    assertThat(after.sum("store." + name, "." + DimMetrics.BYTES)).isEqualTo(200);
    String state = "store." + name + ".gauges.breaker.state";
    assertThat(after.value(state)).isEqualTo(1);
    assertThat(DimMetrics.snapshot().since(DimMetrics.snapshot()).value(state))
        .as("a state does not become 0 because it has not changed")
        .isEqualTo(1);
  }

  @Test
  void aMissingTableIsNamedWithTheRemedy() {
    SharedStore.Lease lease = SharedStore.lease(ref(), new UnregisteredMetricsGroup());
    try {
      assertThatThrownBy(() -> lease.prepare(table(), false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Opening table 't' of store 'memory' failed (NO_TABLE)")
          .hasMessageContaining("Remedy: run the job that writes the table first");
    } finally {
      lease.close();
    }
  }

  @Test
  void whatHappensInOneLeaseIsSeenInAnother() throws Exception {
    StoreRef ref = ref();
    SharedStore.Lease writer = SharedStore.lease(ref, new UnregisteredMetricsGroup());
    SharedStore.Lease reader = SharedStore.lease(ref, new UnregisteredMetricsGroup());
    writer.prepare(table(), true);
    writer
        .store()
        .table(table().layout().spec())
        .write(List.of(new Put(Key.of(1L), Row.of(), 1)))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    writer.close();
    assertThat(
            reader
                .batcher(table(), io.dimstore.spi.Projection.all(0))
                .get(Key.of(1L))
                .get(20, TimeUnit.SECONDS))
        .isNotNull();
    reader.close();
  }

  private static StoreRef ref() {
    return new StoreRef("memory", Map.of("instance", UUID.randomUUID().toString()));
  }

  private static DimTable table() {
    TableLayout layout =
        new TableLayout("t", List.of("k"), List.of(new BigIntType(false)), List.of(0), Map.of());
    return ConvertersTest.table(layout, null, true);
  }

  private static StoreMetrics.Request request() {
    return new StoreMetrics.Request(
        "redis", StoreMetrics.Operation.GET, 10, 100, 1_000, 0, 0.5, 0, null);
  }

  /** Keeps gauges by their whole name. */
  private static final class Recorder extends UnregisteredMetricsGroup {

    private final String prefix;
    private final Map<String, Metric> metrics;

    private Recorder() {
      this("", new HashMap<>());
    }

    private Recorder(String prefix, Map<String, Metric> metrics) {
      this.prefix = prefix;
      this.metrics = metrics;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Recorder(prefix + name + ".", metrics);
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      metrics.put(prefix + name, gauge);
      return gauge;
    }

    Object value(String name) {
      return ((Gauge<?>) metrics.get(name)).getValue();
    }
  }
}
