// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.ConvertersTest;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.types.logical.BigIntType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedStoreTest {

  /** Threads that a test may block. */
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "shared-store-test");
            thread.setDaemon(true);
            thread.setContextClassLoader(SharedStoreTest.class.getClassLoader());
            return thread;
          });

  @Test
  void usersWithEqualOptionsShareAStoreUntilTheLastCloses() {
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
  void noticeIsFirstOnceForAllUsersOfAStore() {
    StoreRef ref = ref();
    SharedStore.Lease first = lease(ref);
    SharedStore.Lease second = lease(ref);

    assertThat(first.isFirst("small")).isTrue();
    assertThat(second.isFirst("small")).isFalse();
    assertThat(second.isFirst("large")).isTrue();

    first.close();
    second.close();
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

  @AfterEach
  void noHooks() {
    FaultyStoreFactory.onOpen = () -> {};
    FaultyStoreFactory.onClose = () -> {};
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "close"})
  void slowOpeningOrClosingDelaysNoOtherStore(String slowIn) throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Runnable slow =
        () -> {
          entered.countDown();
          awaitQuietly(release);
        };
    if (slowIn.equals("open")) {
      FaultyStoreFactory.onOpen = slow;
    } else {
      FaultyStoreFactory.onClose = slow;
    }
    int before = SharedStore.open();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> lease(faulty()).close(), POOL);
    try {
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Long> mine =
          CompletableFuture.supplyAsync(
              () -> {
                SharedStore.Lease lease = lease(ref());
                try {
                  lease.prepare(table(), true);
                  lease.batcher(table(), io.dimstore.spi.Projection.all(0));
                  return (long) SharedStore.open();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                } finally {
                  lease.close();
                }
              },
              POOL);
      assertThat(mine.get(20, TimeUnit.SECONDS)).isEqualTo(before + 2L);
      assertThat(other).isNotDone();
    } finally {
      release.countDown();
    }
    other.get(20, TimeUnit.SECONDS);
    assertThat(SharedStore.open()).isEqualTo(before);
  }

  @Test
  void concurrentOpeningsShareOneStore() throws Exception {
    StoreRef ref = faulty();
    AtomicInteger opened = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    FaultyStoreFactory.onOpen =
        () -> {
          opened.incrementAndGet();
          awaitQuietly(release);
        };
    List<CompletableFuture<SharedStore.Lease>> users = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      users.add(CompletableFuture.supplyAsync(() -> lease(ref), POOL));
    }
    await(() -> opened.get() == 1);
    release.countDown();
    Set<Object> stores = new HashSet<>();
    for (CompletableFuture<SharedStore.Lease> user : users) {
      SharedStore.Lease lease = user.get(20, TimeUnit.SECONDS);
      stores.add(lease.store());
    }
    assertThat(stores).hasSize(1);
    assertThat(opened).hasValue(1);
    for (CompletableFuture<SharedStore.Lease> user : users) {
      user.join().close();
    }
  }

  @Test
  void failureToOpenReachesAllWaitingUsersAndTheNextUserOpensAgain() throws Exception {
    StoreRef ref = faulty();
    int before = SharedStore.open();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FaultyStoreFactory.onOpen =
        () -> {
          entered.countDown();
          awaitQuietly(release);
          throw new StoreException(StoreException.Kind.DENIED, "made to fail");
        };
    List<CompletableFuture<SharedStore.Lease>> users = new ArrayList<>();
    users.add(CompletableFuture.supplyAsync(() -> lease(ref), POOL));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    users.add(CompletableFuture.supplyAsync(() -> lease(ref), POOL));
    await(() -> waitingFor("awaitOpened"));
    release.countDown();
    for (CompletableFuture<SharedStore.Lease> user : users) {
      assertThatThrownBy(() -> user.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("made to fail");
    }
    assertThat(SharedStore.open()).isEqualTo(before);
    FaultyStoreFactory.onOpen = () -> {};
    lease(ref).close();
    assertThat(SharedStore.open()).isEqualTo(before);
  }

  @Test
  void interruptedOpeningFailsNoOtherUser() throws Exception {
    StoreRef ref = faulty();
    AtomicInteger attempts = new AtomicInteger();
    FaultyStoreFactory.onOpen =
        () -> {
          if (attempts.incrementAndGet() == 1) {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new IllegalStateException("interrupted", e);
            }
          }
        };
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread opener =
        new Thread(
            () -> {
              try {
                lease(ref).close();
                failure.complete(null);
              } catch (RuntimeException e) {
                failure.complete(e);
              }
            });
    opener.start();
    await(() -> attempts.get() == 1);
    CompletableFuture<SharedStore.Lease> other =
        CompletableFuture.supplyAsync(() -> lease(ref), POOL);
    await(() -> waitingFor("awaitOpened"));
    opener.interrupt();
    assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessage("interrupted");
    other.get(20, TimeUnit.SECONDS).close();
    assertThat(attempts).hasValue(2);
  }

  @Test
  void storeIsOpenedAgainOnlyAfterTheOneBeforeIsClosed() throws Exception {
    StoreRef ref = faulty();
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FaultyStoreFactory.onOpen = () -> most.accumulateAndGet(open.incrementAndGet(), Math::max);
    FaultyStoreFactory.onClose =
        () -> {
          entered.countDown();
          awaitQuietly(release);
          open.decrementAndGet();
        };
    SharedStore.Lease first = lease(ref);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close, POOL);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<SharedStore.Lease> second =
        CompletableFuture.supplyAsync(() -> lease(ref), POOL);
    await(() -> waitingFor("awaitClosed"));
    assertThat(second).isNotDone();
    release.countDown();
    closing.get(20, TimeUnit.SECONDS);
    SharedStore.Lease lease = second.get(20, TimeUnit.SECONDS);
    assertThat(lease.store()).isNotSameAs(first.store());
    lease.close();
    assertThat(most).hasValue(1);
    assertThat(open).hasValue(0);
  }

  private static SharedStore.Lease lease(StoreRef ref) {
    return SharedStore.lease(ref, new UnregisteredMetricsGroup());
  }

  private static StoreRef faulty() {
    return new StoreRef("faulty", Map.of("instance", UUID.randomUUID().toString()));
  }

  /** Returns whether a thread is waiting in this method of {@link SharedStore}. */
  private static boolean waitingFor(String method) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getState() != Thread.State.RUNNABLE)
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(
            frame ->
                frame.getClassName().equals(SharedStore.class.getName())
                    && frame.getMethodName().equals(method));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void everyRequestIsCountedOnceHoweverManyUsersThereAre() {
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    String name = "s" + UUID.randomUUID();
    StoreMeter meter = new StoreMeter(name, List.of(StoreMetric.count("superseded")));
    RecordedMetrics one = new RecordedMetrics();
    RecordedMetrics two = new RecordedMetrics();
    StoreMeter.User first = meter.join(one);
    meter.request(request());
    meter.join(two);
    meter.request(request());
    meter.count("fill", 3);

    String store = "dim.store." + name;
    String kind = store + ".server.redis.operation.get.";
    String requests = kind + "requests";
    assertThat(one.value(requests)).isEqualTo(2L);
    assertThat(two.value(requests)).isEqualTo(0L);
    assertThat(two.value(kind + "readUnits")).isEqualTo(0.0);
    assertThat(one.value(store + ".events.fill")).isEqualTo(3L);
    meter.gauge("breaker.state", 2);
    meter.gauge("breaker.state", 1);
    assertThat(one.value(store + ".gauges.breaker.state")).isEqualTo(1L);
    assertThat(two.value(store + ".gauges.breaker.state")).isEqualTo(0L);
    meter.gauge("backlog.keys", "dim_user", 7);
    assertThat(one.value(store + ".table.dim_user.gauges.backlog.keys")).isEqualTo(7L);
    assertThat(one.value(store + ".events.superseded")).as("declared").isEqualTo(0L);
    meter.leave(first);
    assertThat(two.value(store + ".gauges.breaker.state")).isEqualTo(1L);
    assertThat(two.value(requests)).as("a rate does not jump").isEqualTo(0L);
    assertThat(one.value(requests)).isEqualTo(0L);
    meter.request(request());
    assertThat(two.value(requests)).isEqualTo(1L);
    assertThat(two.value(kind + "readUnits")).isEqualTo(0.5);

    DimMetrics.Snapshot after = DimMetrics.snapshot().since(before);
    String gets = DimMetrics.requests(name, "redis", StoreMetrics.Operation.GET);
    assertThat(after.value(gets + "." + DimMetrics.REQUESTS)).isEqualTo(3);
    assertThat(after.value(gets + "." + DimMetrics.KEYS)).isEqualTo(30);
    assertThat(after.value(gets + "." + DimMetrics.READ_UNITS)).isEqualTo(1.5);
    assertThat(after.value("store." + name + ".gauges.backlog.keys.dim_user")).isEqualTo(7);
    assertThat(after.value("store." + name + ".events.fill")).isEqualTo(3);
    assertThat(after.sum("store." + name, "." + DimMetrics.BYTES)).isEqualTo(300);
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
  void eventsOfOneLeaseAreVisibleInAnother() throws Exception {
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
}
