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

/** A store of its own with one table of users, under a name that nobody else has. */
final class Users implements AutoCloseable {

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

  private Users(HBaseRedisHarness servers, Map<String, String> options, TableSpec spec) {
    Map<String, String> all = new HashMap<>(servers.options());
    all.putAll(options);
    this.store = DimensionStores.open("hbase-redis", all, metrics(), InstantSource.system());
    this.spec = spec;
    this.table = store.table(spec);
  }

  static Users open(HBaseRedisHarness servers, Map<String, String> options) {
    return new Users(servers, options, spec("users_" + unique()));
  }

  /** Another process, as it were, with the same table. */
  static Users open(HBaseRedisHarness servers, Map<String, String> options, TableSpec spec) {
    return new Users(servers, options, spec);
  }

  static TableSpec spec(String name) {
    return new TableSpec(name, COLUMNS, List.of("id"));
  }

  static String unique() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  Users created() {
    await(store.createIfAbsent(spec));
    return this;
  }

  TableSpec spec() {
    return spec;
  }

  DimensionStore store() {
    return store;
  }

  DimensionTable table() {
    return table;
  }

  static Put user(String id, String country, Integer level, long version) {
    return new Put(Key.of(id), Row.of(country, level), version);
  }

  void write(Change... changes) {
    await(table.write(List.of(changes)));
  }

  Put get(String id) {
    return await(table.get(List.of(Key.of(id)), spec.all())).get(0);
  }

  Maintenance.Repair repair() {
    return await(((Maintenance) table).repair(1_000));
  }

  Maintenance.Backlog backlog() {
    return await(((Maintenance) table).backlog(1_000));
  }

  /** Every page of a check. */
  List<CheckPage> check(int maxKeys, boolean heal) {
    Maintenance copies = (Maintenance) table;
    List<CheckPage> pages = new ArrayList<>();
    for (ScanSplit split : await(copies.checkSplits(4))) {
      for (ScanSplit rest = split; rest != null; ) {
        CheckPage page = await(copies.check(rest, maxKeys, heal));
        pages.add(page);
        rest = page.remaining();
      }
    }
    return pages;
  }

  /** Reads until Redis answers: a fill whose lease is void leaves nothing there. */
  void warm(String id) {
    HBaseShell.await(
        "an entry of " + id + " in Redis",
        () -> {
          long before = count("redis.hit") + count("redis.negative");
          get(id);
          return count("redis.hit") + count("redis.negative") > before;
        });
  }

  /** All counts that there are. */
  Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  long gauge(String name) {
    return gauges.getOrDefault(name, -1L);
  }

  /** The most that a gauge has shown. */
  long mostOfGauge(String name) {
    return mostOfGauges.getOrDefault(name, -1L);
  }

  int requests(String server) {
    return requests.getOrDefault(server, 0);
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Whether no thread of any store is left in this process. */
  static boolean noThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("dimstore-"));
  }

  /** As {@link #noThreads}, and what is left tells where it stands. */
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
