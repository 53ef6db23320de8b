// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.Signals;
import io.dimstore.hbaseredis.fixture.Traffic;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.LocalStackExtension;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Writers and readers while Redis fails in several ways. */
class RedisHistoryIT {

  private static final long CLOSED = 0;
  private static final long OPEN = 2;
  private static final Map<String, String> ALONE = Map.of("redis.port", "1");

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private final long seed = Long.getLong("dimstore.faults.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private LocalStack redis;
  private HBaseRedisHarness servers;

  @BeforeEach
  void start() {
    System.err.println("faults of Redis: seed " + seed);
    redis = LocalStack.start("redis");
    servers = new HBaseRedisHarness(stack.hbase(), redis.redis());
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /**
   * An entry that a write did not reach never hides that acknowledged write from the process that
   * wrote it.
   */
  @Test
  void frozenKilledAndEmptyRedisHideNoAcknowledgedWriteFromTheProcessThatWrote() throws Exception {
    History history = new History(History.Kind.ACKNOWLEDGED);
    Traffic traffic = new Traffic(history, 12, "");
    Map<String, String> options = Map.of("redis.timeout", "200 ms");
    try (Users users = Users.open(servers, options).created();
        Users hbaseOnly = Users.open(servers, ALONE, users.spec())) {
      traffic.writer(users, seed).writer(users, seed + 1);
      traffic.reader(users, seed + 2).reader(users, seed + 3);
      try {
        for (int fault = 0; fault < 8; fault++) {
          assertThat(traffic.isFine()).isTrue();
          if (fault % 4 == 3) {
            redis.kill("redis");
            HBaseShell.await(
                "the breaker is open",
                // The breaker may be open already, because of the fault before.
                () -> users.gauge("breaker.state") == OPEN || !traffic.isFine());
            redis.restart("redis");
          } else {
            long pid = redis.process("redis").pid();
            Signals.stop(pid);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(500)));
            Signals.go(pid);
          }
          HBaseShell.await(
              "Redis in use", () -> users.gauge("breaker.state") == CLOSED || !traffic.isFine());
          long hits = users.count("redis.hit");
          HBaseShell.await("hits", () -> users.count("redis.hit") > hits || !traffic.isFine());
        }
      } finally {
        traffic.end();
      }
      assertThat(users.count("redis.pending")).isPositive();
      HBaseShell.await(
          "Redis in use after the last write",
          () -> {
            users.get("none");
            return users.gauge("breaker.state") == CLOSED;
          });
      HBaseShell.await(
          "nothing pending for Redis",
          () -> {
            users.repair();
            return users.backlog().keys() == 0;
          });
      traffic.compare(users, hbaseOnly);
    } catch (Throwable e) {
      throw History.failure(seed, e);
    }
  }

  @Test
  void anEvictingRedisOnlyCostsReadsOfHBase() {
    History history = new History(History.Kind.RECORDED_FIRST);
    Traffic traffic = new Traffic(history, 400, "x".repeat(2_000));
    Map<String, String> options = Map.of("redis.timeout", "20 s");
    try (Jedis plain = new Jedis(redis.redis().host(), redis.redis().port());
        Users one = Users.open(servers, options).created();
        Users two = Users.open(servers, options, one.spec());
        Users hbaseOnly = Users.open(servers, ALONE, one.spec())) {
      traffic.writer(one, seed).writer(two, seed + 1);
      traffic.reader(one, seed + 2).reader(two, seed + 3);
      try {
        HBaseShell.await("a full cache", () -> one.count("fill") > 100 || !traffic.isFine());
        plain.configSet("maxmemory-policy", "allkeys-random");
        plain.configSet("maxmemory", Long.toString(info(plain, "used_memory")));
        HBaseShell.await("evictions", () -> info(plain, "evicted_keys") > 500 || !traffic.isFine());
      } finally {
        traffic.end();
      }
      traffic.compare(one, hbaseOnly);
      assertThat(one.count("breaker.open") + two.count("breaker.open")).isZero();
    } catch (Throwable e) {
      throw History.failure(seed, e);
    }
  }

  /** A full Redis refuses commands that need memory, so nothing can be filled in. */
  @Test
  void lookupsBypassFullRedisThatEvictsNothing() {
    try (Jedis plain = new Jedis(redis.redis().host(), redis.redis().port());
        Users users = Users.open(servers, Map.of()).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      plain.configSet("maxmemory-policy", "noeviction");
      plain.configSet("maxmemory", "1");
      users.write(Users.user("a", "BE", 2, 2));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(users.get("b")).isNull();
      plain.configSet("maxmemory", "0");
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
            return users.gauge("breaker.state") == 0;
          });
      users.warm("a");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
    }
  }

  /** If most reads of a table miss, the store takes leases first, which a full Redis refuses. */
  @Test
  void fullRedisStillAnswersFromExistingEntriesWhenReadsMostlyMiss() {
    try (Jedis plain = new Jedis(redis.redis().host(), redis.redis().port());
        Users one = Users.open(servers, Map.of()).created();
        Users two = Users.open(servers, Map.of(), one.spec())) {
      one.write(Users.user("a", "NL", 1, 1));
      one.warm("a");
      for (int i = 0; i < 20; i++) {
        assertThat(two.get("none" + i)).isNull();
      }
      plain.configSet("maxmemory-policy", "noeviction");
      plain.configSet("maxmemory", "1");
      for (int i = 0; i < 10; i++) {
        assertThat(two.get("a")).isEqualTo(Users.user("a", "NL", 1, 1));
      }
      assertThat(two.count("redis.hit")).isGreaterThanOrEqualTo(8);
      assertThat(two.count("breaker.open")).isZero();
    }
  }

  /** While the breaker is open, calls use only HBase; a few of them start a probe of Redis. */
  @Test
  void whileRedisIsFrozenCallsDoNotWaitForIt() throws Exception {
    long pid = redis.process("redis").pid();
    try (Users users = Users.open(servers, Map.of("redis.timeout", "300 ms")).created()) {
      users.write(Users.user("a", "NL", 0, 0));
      users.warm("a");
      Signals.stop(pid);
      try {
        users.write(Users.user("a", "NL", 1, 1));
        assertThat(users.count("breaker.open")).isEqualTo(1);
        int asked = users.requests("redis");
        for (int i = 2; i < 200; i++) {
          users.write(Users.user("a", "NL", i, i));
          assertThat(users.get("a")).isEqualTo(Users.user("a", "NL", i, i));
        }
        assertThat(users.requests("redis") - asked)
            .as("requests during 400 calls: only probes")
            .isLessThan(100);
        assertThat(users.count("redis.pending")).isEqualTo(199);
      } finally {
        Signals.go(pid);
      }
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "NL", 199, 199));
            return users.gauge("breaker.state") == 0;
          });
    }
  }

  private static long info(Jedis plain, String field) {
    return plain
        .info()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1).strip()))
        .findFirst()
        .orElseThrow();
  }
}
