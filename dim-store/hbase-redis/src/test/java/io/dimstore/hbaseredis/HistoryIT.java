// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.History.Reading;
import io.dimstore.hbaseredis.fixture.History.Written;
import io.dimstore.hbaseredis.fixture.ScriptHolds;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/**
 * Random histories of writers and readers over few keys. Each has a store of its own, like separate
 * processes. Versions are late, duplicate, reordered or equal, and include the smallest and the
 * largest. Rows expire or arrive expired, entries and leases are lost at any moment, and HBase
 * compacts. Requests to Redis are delayed at random, so that fills and writes overtake each other.
 *
 * <p>{@code -Ddimstore.history.seed=N}, {@code -Ddimstore.history.runs=N} and {@code
 * -Ddimstore.history.writes=N} repeat or extend the runs.
 */
class HistoryIT {

  private static final String ZERO = "zero";
  private static final String TOP = "top";
  private static final List<String> ALL = List.of("a", "b", "c", "d", "e", ZERO, TOP);
  private static final long LARGEST = Long.MAX_VALUE - 1;
  private static final int WRITES = Integer.getInteger("dimstore.history.writes", 250);
  private static final int WRITERS = 3;

  /**
   * Timeouts so long that no answer of a running server counts as a fault, however slow the machine
   * is.
   */
  private static final Map<String, String> PATIENT = Map.of("redis.timeout", "20 s");

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  static LongStream seeds() {
    long first = Long.getLong("dimstore.history.seed", 1);
    return LongStream.range(first, first + Long.getLong("dimstore.history.runs", 2));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyReadIsAsNewAsAllWritesAcknowledgedOrSeenBefore(long seed) throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    History history = new History(History.Kind.RECORDED_FIRST);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<AutoCloseable> open = new ArrayList<>();
    try (Users plain = Users.open(servers, PATIENT).created();
        Users hbase = Users.open(servers, away(), plain.spec())) {
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      List<CompletableFuture<Void>> others = new ArrayList<>();
      List<Users> stores = new ArrayList<>();
      AtomicBoolean writing = new AtomicBoolean(true);
      for (int i = 0; i < WRITERS; i++) {
        Random random = new Random(seed * 1_000 + i);
        Users users = relayed(servers, plain, random, Map.of(), open);
        stores.add(users);
        String name = "w" + i;
        writers.add(CompletableFuture.runAsync(() -> write(users, name, random, history), threads));
      }
      List<Map<String, String>> readers =
          List.of(Map.of(), Map.of("lease", "4 ms"), Map.of("max-age", "30 ms"));
      for (int i = 0; i < readers.size(); i++) {
        Random random = new Random(seed * 1_000 + 100 + i);
        Users users = relayed(servers, plain, random, readers.get(i), open);
        stores.add(users);
        for (int n = 0; n < 2; n++) {
          Random own = new Random(random.nextLong());
          others.add(CompletableFuture.runAsync(() -> read(users, own, history, writing), threads));
        }
      }
      Random lost = new Random(seed);
      others.add(CompletableFuture.runAsync(() -> lose(plain, lost, writing), threads));
      others.add(CompletableFuture.runAsync(() -> compact(plain, writing), threads));
      try {
        Users.await(firstFailureOf(writers));
      } finally {
        writing.set(false);
      }
      Users.await(firstFailureOf(others));

      HBaseShell.await("no write intent left", () -> plain.backlog().keys() == 0);
      compare(plain, hbase, history);
      long fills = stores.stream().mapToLong(store -> store.count("fill")).sum();
      System.err.printf(
          "history: seed %d, %d writes, %d reads, %d fills%n",
          seed, history.writes(), history.reads(), fills);
      assertThat(fills).isPositive();
      assertThat(stores).allMatch(store -> store.count("breaker.open") == 0);
    } catch (Throwable e) {
      throw History.failure(seed, e);
    } finally {
      threads.shutdownNow();
      for (AutoCloseable one : open) {
        one.close();
      }
    }
  }

  /** Asserts that HBase holds the result of the history, and Redis the same as HBase. */
  private static void compare(Users plain, Users hbase, History history) {
    for (String id : ALL) {
      Reading reading = history.reads(Key.of(id));
      Put held = hbase.get(id);
      history.saw(reading, held);
      plain.warm(id);
      assertThat(plain.get(id)).as("Redis against HBase").isEqualTo(hbase.get(id));
    }
    int inStep = 0;
    for (var page : plain.check(100, false)) {
      assertThat(page.differences()).isEmpty();
      inStep += page.inStep();
    }
    assertThat(inStep).as("rows that were compared").isPositive();
  }

  private static Users relayed(
      HBaseRedisHarness servers,
      Users plain,
      Random random,
      Map<String, String> options,
      List<AutoCloseable> open) {
    Relay relay =
        Relay.to(
            stack.redis().port(),
            ScriptHolds.mostly(Scripts.RECONCILE, 0.3, 15_000, random),
            Hold.NONE);
    Map<String, String> all = new HashMap<>(PATIENT);
    all.putAll(options);
    all.put("redis.port", Integer.toString(relay.port()));
    Users users = Users.open(servers, all, plain.spec());
    open.add(users);
    open.add(relay);
    return users;
  }

  private static void write(Users users, String name, Random random, History history) {
    List<Change> sent = new ArrayList<>();
    for (int n = 0; n < WRITES; n++) {
      List<Change> changes = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        Change change =
            random.nextInt(10) == 0 && !sent.isEmpty()
                ? sent.get(sent.size() - 1 - random.nextInt(Math.min(10, sent.size())))
                : change(name + "-" + n, n, random);
        if (changes.stream().noneMatch(other -> other.key().equals(change.key()))) {
          changes.add(change);
        }
      }
      List<Written> begun = changes.stream().map(history::begins).toList();
      users.write(changes.toArray(Change[]::new));
      begun.forEach(history::succeeded);
      sent.addAll(changes);
    }
  }

  private static Change change(String name, int n, Random random) {
    String id = ALL.get(random.nextInt(ALL.size()));
    // Versions rise, overlap between writers, and arrive late.
    long version =
        switch (id) {
          case ZERO -> 0;
          case TOP -> n < WRITES / 2 ? LARGEST - 1 - random.nextInt(4) : LARGEST;
          default -> Math.max(0, n + 3 - random.nextInt(random.nextInt(8) == 0 ? 100 : 12));
        };
    Key key = Key.of(id);
    Row row = Row.of(name, n);
    int kind = random.nextInt(20);
    if (kind < 5) {
      return new Delete(key, version);
    }
    if (kind < 7) {
      long ends = System.currentTimeMillis() + 5 + random.nextInt(100);
      return new Put(key, row, version, ends);
    }
    return kind == 7
        ? new Put(key, row, version, System.currentTimeMillis() - random.nextInt(1_000))
        : new Put(key, row, version);
  }

  private static void read(Users users, Random random, History history, AtomicBoolean writing) {
    while (writing.get()) {
      List<Key> keys = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        keys.add(Key.of(ALL.get(random.nextInt(ALL.size()))));
      }
      List<Reading> readings = keys.stream().map(history::reads).toList();
      List<Put> found = Users.await(users.table().get(keys, users.spec().all()));
      for (int i = 0; i < keys.size(); i++) {
        history.saw(readings.get(i), found.get(i));
      }
    }
  }

  /** Removes entries and leases, as an eviction does. */
  private static void lose(Users users, Random random, AtomicBoolean writing) {
    try (Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      while (writing.get()) {
        plain.del("dim:" + users.spec().name() + ":" + ALL.get(random.nextInt(ALL.size())));
        LockSupport.parkNanos(random.nextInt(800_000));
      }
    }
  }

  private static void compact(Users users, AtomicBoolean writing) {
    try (HBaseShell shell = new HBaseShell(stack.hbase())) {
      while (writing.get()) {
        shell.compact(users.spec().name());
      }
    }
  }

  private static CompletableFuture<Void> firstFailureOf(List<CompletableFuture<Void>> all) {
    CompletableFuture<Void> together =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    all.forEach(
        one ->
            one.whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    together.completeExceptionally(failure);
                  }
                }));
    return together;
  }

  /** Options of a store that cannot reach Redis. */
  private static Map<String, String> away() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Map.of("redis.port", Integer.toString(socket.getLocalPort()));
    }
  }
}
