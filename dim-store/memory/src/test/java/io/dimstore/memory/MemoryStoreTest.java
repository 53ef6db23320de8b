// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the behaviour that only the memory store has. The conformance kit tests the rules of the
 * contract.
 */
class MemoryStoreTest {

  private static final Column K = new Column("k", DataType.STRING);
  private static final Column A = new Column("a", DataType.STRING);
  private static final Column N = new Column("n", DataType.Simple.INT);
  private static final TableSpec SPEC = new TableSpec("t", List.of(K, A, N), List.of("k"));

  private final AtomicLong now = new AtomicLong(1_700_000_000_000L);

  @AfterEach
  void clear() {
    MemoryStores.clear("one");
    MemoryStores.clear("two");
  }

  @Test
  void storesOfOneInstanceShareTablesEvenAfterOneIsClosed() {
    try (DimensionStore loading = open("one")) {
      join(loading.createIfAbsent(SPEC));
      join(loading.table(SPEC).write(List.of(put("x", 1))));
    }
    try (DimensionStore reading = open("one")) {
      assertThat(get(reading.table(SPEC), "x")).isEqualTo(put("x", 1));
    }
  }

  @Test
  void writesOlderThanTheirRowAreCounted() {
    List<Long> superseded = new ArrayList<>();
    StoreMetrics metrics =
        new StoreMetrics() {
          @Override
          public void request(Request request) {}

          @Override
          public void count(String name, long delta) {
            superseded.add(name.equals("superseded") ? delta : -1);
          }
        };
    try (DimensionStore store =
        DimensionStores.open(
            "memory", Map.of("instance", "one"), metrics, InstantSource.system())) {
      join(store.createIfAbsent(SPEC));
      DimensionTable table = store.table(SPEC);
      join(table.write(List.of(put("x", 2), put("y", 2), put("z", 1))));
      join(table.write(List.of(put("x", 1), new Delete(Key.of("y"), 1), put("z", 1))));
    }
    assertThat(superseded).containsExactly(2L);
  }

  @Test
  void instancesAreSeparateAndClearRemovesTheirTables() {
    try (DimensionStore one = open("one");
        DimensionStore two = open("two")) {
      join(one.createIfAbsent(SPEC));
      DimensionTable table = one.table(SPEC);
      join(table.write(List.of(put("x", 1))));
      assertFails(Kind.NO_TABLE, two.table(SPEC).get(List.of(Key.of("x")), SPEC.all()));
      MemoryStores.clear("one");
      assertFails(Kind.NO_TABLE, table.get(List.of(Key.of("x")), SPEC.all()));
      join(one.createIfAbsent(SPEC));
      assertThat(get(table, "x")).isNull();
    }
  }

  @Test
  void columnsAreMatchedByNameAndMissingOnesAreNull() {
    try (DimensionStore store = open("one")) {
      join(store.createIfAbsent(SPEC));
      join(store.table(SPEC).write(List.of(put("x", 7))));
      TableSpec other =
          new TableSpec(
              "t", List.of(N, K, new Column("later", DataType.Simple.DATE), A), List.of("k"));
      assertThat(get(store.table(other), other, "x").row()).isEqualTo(Row.of(7, null, "a7"));
      assertFails(Kind.INVALID, store.validate(other));
      TableSpec fewer = new TableSpec("t", List.of(K, N), List.of("k"));
      join(store.validate(fewer));
      assertFails(
          Kind.INVALID, store.table(fewer).write(List.of(new Put(Key.of("x"), Row.of(8), 8))));
    }
  }

  @Test
  void writesSweepEndedEntries() {
    try (DimensionStore store = open("one")) {
      join(store.createIfAbsent(SPEC));
      DimensionTable table = store.table(SPEC);
      for (int round = 0; round < 20; round++) {
        List<Change> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          Key key = Key.of("r" + round + "-" + i);
          batch.add(
              i % 2 == 0
                  ? new Delete(key, 1)
                  : new Put(key, Row.of("short", 1), 1, now.get() + 1_000));
        }
        join(table.write(batch));
        now.addAndGet(8L * 86_400_000L);
      }
      assertThat(MemoryStores.tables("one").get("t").order().size()).isLessThan(2_100);
      join(table.write(List.of(put("x", 1))));
      assertThat(get(table, "x")).isEqualTo(put("x", 1));
    }
  }

  @Test
  void endedTombstoneHidesNothingEvenBeforeItIsSwept() {
    try (DimensionStore store = open("one")) {
      join(store.createIfAbsent(SPEC));
      DimensionTable table = store.table(SPEC);
      join(table.write(List.of(new Delete(Key.of("x"), 100))));
      join(table.write(List.of(put("x", 5))));
      assertThat(get(table, "x")).isNull();
      now.addAndGet(7L * 86_400_000L);
      join(table.write(List.of(put("x", 5))));
      assertThat(get(table, "x")).isEqualTo(put("x", 5));
    }
  }

  @Test
  void splitIsReadableTextThatNamesItsTable() {
    try (DimensionStore store = open("one")) {
      TableSpec odd = new TableSpec("a/b c", SPEC.columns(), SPEC.keyColumns());
      join(store.createIfAbsent(odd));
      join(store.createIfAbsent(SPEC));
      DimensionTable table = store.table(odd);
      join(table.write(List.of(put("x", 1), put("y", 2))));
      ScanSplit split = join(table.splits(1, ScanOptions.rows(odd.project("n")))).get(0);
      assertThat(split.token()).isEqualTo("memory/1/a%2Fb+c/1/-//-");
      ScanPage page = join(table.scan(split, 1));
      assertThat(page.changes()).containsExactly(new Put(Key.of("x"), Row.of(1), 1));
      assertThat(page.remaining().token()).isEqualTo("memory/1/a%2Fb+c/1/-/78000100/-");
      assertFails(Kind.INVALID, store.table(SPEC).scan(split, 1));
      assertFails(Kind.INVALID, table.scan(new ScanSplit("memory/1/a%2Fb+c/9/-//-"), 1));
      assertFails(Kind.INVALID, table.scan(new ScanSplit("memory/1/a%2Fb+c/1/-/7/-"), 1));
      assertFails(Kind.INVALID, table.scan(split, 0));
      assertFails(Kind.INVALID, table.splits(0, ScanOptions.rows(odd.all())));
    }
  }

  @Test
  void eachCallIsReportedAsOneRequest() {
    List<StoreMetrics.Request> requests = new CopyOnWriteArrayList<>();
    try (DimensionStore store = open("one", requests::add)) {
      join(store.createIfAbsent(SPEC));
      DimensionTable table = store.table(SPEC);
      join(table.write(List.of(put("x", 1), put("x", 2), put("y", 1))));
      join(table.get(List.of(Key.of("x"), Key.of("x"), Key.of("z")), SPEC.all()));
      assertFails(Kind.INVALID, table.write(List.of(put("x", -1))));
    }
    assertThat(requests)
        .extracting(r -> r.server() + " " + r.operation() + " " + r.keys() + " " + r.failure())
        .containsExactly("memory WRITE 2 null", "memory GET 2 null", "memory WRITE 1 INVALID");
  }

  @Test
  void storeOptionsOfATableAreRefused() {
    try (DimensionStore store = open("one")) {
      TableSpec spec =
          new TableSpec("t", SPEC.columns(), SPEC.keyColumns(), Map.of("instance", "x"));
      assertThatThrownBy(() -> store.table(spec)).hasMessageContaining("the whole store");
      assertFails(Kind.INVALID, store.createIfAbsent(spec));
    }
  }

  private DimensionStore open(String instance) {
    return open(instance, StoreMetrics.NONE);
  }

  private DimensionStore open(String instance, StoreMetrics metrics) {
    return DimensionStores.open(
        "memory", Map.of("instance", instance), metrics, () -> Instant.ofEpochMilli(now.get()));
  }

  private static Put put(String key, long version) {
    return new Put(Key.of(key), Row.of("a" + version, (int) version), version);
  }

  private static Put get(DimensionTable table, String key) {
    return get(table, SPEC, key);
  }

  private static Put get(DimensionTable table, TableSpec spec, String key) {
    return join(table.get(List.of(Key.of(key)), spec.all())).get(0);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static void assertFails(Kind kind, CompletionStage<?> stage) {
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .satisfies(e -> assertThat(StoreException.find(e).kind()).isEqualTo(kind));
  }
}
