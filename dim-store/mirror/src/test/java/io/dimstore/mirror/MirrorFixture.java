// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.mirror.control.Intents;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.FaultyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A mirror of two memory stores that meet faults, and direct access to both. */
final class MirrorFixture implements AutoCloseable {

  static final TableSpec SPEC =
      new TableSpec(
          "dim_user",
          List.of(new Column("id", DataType.STRING), new Column("name", DataType.STRING)),
          List.of("id"));

  static final String INTENTS = "dimstore_mirror_intents";

  private final Duration validity;
  private final Duration deadline;
  final String fromInstance = "from-" + UUID.randomUUID();
  final String toInstance = "to-" + UUID.randomUUID();
  final DimensionStore plainFrom = plain(fromInstance);
  final DimensionStore plainTo = plain(toInstance);
  final ModeRecords modes = new ModeRecords(recordsOf(plainTo), recordsOf(plainFrom), SPEC.name());
  private final List<DimensionStore> opened = new ArrayList<>();

  /** Creates a mirror whose limits no busy machine reaches. */
  MirrorFixture() {
    this(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /** Creates a mirror for tests that change the mode or wait for the end of its validity. */
  MirrorFixture(Duration validity, Duration deadline) {
    this.validity = validity;
    this.deadline = deadline;
    await(plainFrom.createIfAbsent(SPEC));
    await(plainTo.createIfAbsent(SPEC));
  }

  private static DimensionStore plain(String instance) {
    return DimensionStores.open(
        "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
  }

  static SharedRecords recordsOf(DimensionStore store) {
    return store.capability(SharedRecords.class).orElseThrow();
  }

  DimensionStore open() {
    return open(Map.of(), StoreMetrics.NONE);
  }

  DimensionStore open(Map<String, String> extra, StoreMetrics metrics) {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "from.store", "faulty-memory",
                "from.instance", fromInstance,
                "to.store", "faulty-memory",
                "to.instance", toInstance,
                "mode.refresh", "20 ms",
                "mode.validity", validity.toMillis() + " ms",
                "deadline", deadline.toMillis() + " ms",
                "reconcile.interval", "10 ms",
                "other.timeout", "200 ms"));
    options.putAll(extra);
    DimensionStore store = DimensionStores.open("mirror", options, metrics, InstantSource.system());
    opened.add(store);
    return store;
  }

  DimensionTable table(DimensionStore mirror) {
    return mirror.table(SPEC);
  }

  DimensionTable from() {
    return plainFrom.table(SPEC);
  }

  DimensionTable to() {
    return plainTo.table(SPEC);
  }

  /** Injects faults into the open stores of the side {@code from}. */
  void intoFrom(Consumer<FaultyStore> fault) {
    FaultyMemoryFactory.each(fromInstance, fault);
  }

  void intoTo(Consumer<FaultyStore> fault) {
    FaultyMemoryFactory.each(toInstance, fault);
  }

  void heal() {
    intoFrom(FaultyStore::heal);
    intoTo(FaultyStore::heal);
  }

  /** Changes the mode and waits as long as a tool has to, so that no process uses the old one. */
  void change(MirrorMode next) {
    KnownMode known = await(modes.read());
    assertThat(await(modes.change(known, next))).isTrue();
    LockSupport.parkNanos(validity.plus(deadline).toNanos());
  }

  /** Sets a mode before any store is open. */
  void begin(MirrorMode mode) {
    await(recordsOf(plainTo).replace(ModeRecords.nameOf(SPEC.name()), 0, mode.format()));
    await(modes.publish(new KnownMode(1, mode)));
  }

  static Put put(String key, String name, long version) {
    return new Put(Key.of(key), Row.of(name), version);
  }

  static void write(DimensionTable table, Change... changes) {
    await(table.write(List.of(changes)));
  }

  static @org.jspecify.annotations.Nullable Put get(DimensionTable table, String key) {
    return await(table.get(List.of(Key.of(key)), SPEC.all())).get(0);
  }

  static Intents intents(DimensionTable table) {
    return table.capability(Intents.class).orElseThrow();
  }

  static long pending(DimensionTable table) {
    return await(intents(table).backlog(1_000_000)).keys();
  }

  /** Returns all rows and tombstones of a table by key. */
  static Map<String, Change> contents(DimensionTable table) {
    Map<String, Change> found = new TreeMap<>();
    for (ScanSplit split : await(table.splits(1, new ScanOptions(SPEC.all(), null, null, true)))) {
      for (ScanSplit rest = split; rest != null; ) {
        ScanPage page = await(table.scan(rest, 1_000));
        for (Change change : page.changes()) {
          found.put(change.key().toString(), change);
        }
        rest = page.remaining();
      }
    }
    return found;
  }

  /** Asserts that both sides have the same rows and tombstones. */
  void assertInStep() {
    assertThat(contents(to())).isEqualTo(contents(from()));
  }

  static Change change(String key, long version) {
    return version % 5 == 0 ? new Delete(Key.of(key), version) : put(key, "v" + version, version);
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      throw known == null ? e : known;
    }
  }

  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as(what).isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    heal();
    opened.forEach(DimensionStore::close);
    plainFrom.close();
    plainTo.close();
    MemoryStores.clear(fromInstance);
    MemoryStores.clear(toInstance);
  }
}
