// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A store of its own with one table of users, under a unique name. */
public final class Users implements AutoCloseable {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", DataType.STRING),
          new Column("country", DataType.STRING),
          new Column("level", DataType.Simple.INT));

  private final Map<String, Long> counts = new ConcurrentHashMap<>();
  private final Map<String, Long> gauges = new ConcurrentHashMap<>();
  private final Map<String, Long> mostOfGauges = new ConcurrentHashMap<>();
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final DimensionStore store;
  private final TableSpec spec;
  private final DimensionTable table;

  private Users(
      HBaseRedisHarness servers, Map<String, String> options, TableSpec spec, InstantSource clock) {
    Map<String, String> all = new HashMap<>(servers.options());
    all.putAll(options);
    this.store = DimensionStores.open("hbase-redis", all, metrics(), clock);
    this.spec = spec;
    this.table = store.table(spec);
  }

  public static Users open(HBaseRedisHarness servers, Map<String, String> options) {
    return open(servers, options, spec("users_" + unique()));
  }

  /** Opens another store with the same table, as another process would. */
  public static Users open(HBaseRedisHarness servers, Map<String, String> options, TableSpec spec) {
    return open(servers, options, spec, InstantSource.system());
  }

  /** The same with this wall clock. */
  public static Users open(
      HBaseRedisHarness servers, Map<String, String> options, TableSpec spec, InstantSource clock) {
    return new Users(servers, options, spec, clock);
  }

  public static TableSpec spec(String name) {
    return new TableSpec(name, COLUMNS, List.of("id"));
  }

  public static String unique() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  public Users created() {
    await(store.createIfAbsent(spec));
    return this;
  }

  public TableSpec spec() {
    return spec;
  }

  public DimensionStore store() {
    return store;
  }

  public DimensionTable table() {
    return table;
  }

  public static Put user(String id, String country, Integer level, long version) {
    return new Put(Key.of(id), Row.of(country, level), version);
  }

  public void write(Change... changes) {
    await(table.write(List.of(changes)));
  }

  public Put get(String id) {
    return await(table.get(List.of(Key.of(id)), spec.all())).get(0);
  }

  public Maintenance.Repair repair() {
    return await(((Maintenance) table).repair(1_000));
  }

  public Maintenance.Backlog backlog() {
    return await(((Maintenance) table).backlog(1_000));
  }

  /** Returns every page of a check. */
  public List<CheckPage> check(int maxKeys, boolean heal) {
    Maintenance maintenance = (Maintenance) table;
    List<CheckPage> pages = new ArrayList<>();
    for (ScanSplit split : await(maintenance.checkSplits(4))) {
      for (ScanSplit rest = split; rest != null; ) {
        CheckPage page = await(maintenance.check(rest, maxKeys, heal));
        pages.add(page);
        rest = page.remaining();
      }
    }
    return pages;
  }

  /** Reads until Redis answers: a fill whose lease was invalidated creates no entry. */
  public void warm(String id) {
    HBaseShell.await(
        "an entry of " + id + " in Redis",
        () -> {
          long before = count("redis.hit") + count("redis.negative");
          get(id);
          return count("redis.hit") + count("redis.negative") > before;
        });
  }

  /** Returns all counts that were reported. */
  Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  public long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  public long gauge(String name) {
    return gauges.getOrDefault(name, -1L);
  }

  /** Returns the highest value that a gauge has had. */
  long mostOfGauge(String name) {
    return mostOfGauges.getOrDefault(name, -1L);
  }

  public int requests(String server) {
    return requests.getOrDefault(server, 0);
  }

  /** Waits for a result. The limit ends a hang; a slow machine stays far below it. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Whether this process has no thread of any store. */
  public static boolean noThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("dimstore-"));
  }

  /** Waits for {@link #noThreads}; a failure shows the stacks of the remaining threads. */
  static void awaitNoThreads() {
    try {
      HBaseShell.await("no thread left", Users::noThreads);
    } catch (AssertionError e) {
      StringBuilder left = new StringBuilder("Threads are left:");
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                if (thread.getName().startsWith("dimstore-")) {
                  left.append('\n').append(thread.getName());
                  List.of(stack).forEach(frame -> left.append("\n  ").append(frame));
                }
              });
      throw new AssertionError(left.toString(), e);
    }
  }

  private StoreMetrics metrics() {
    return new StoreMetrics() {
      @Override
      public void request(Request request) {
        requests.merge(request.server(), 1, Integer::sum);
      }

      @Override
      public void count(String name, long delta) {
        counts.merge(name, delta, Long::sum);
      }

      @Override
      public void gauge(String name, long value) {
        gauges.put(name, value);
        mostOfGauges.merge(name, value, Math::max);
      }
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
