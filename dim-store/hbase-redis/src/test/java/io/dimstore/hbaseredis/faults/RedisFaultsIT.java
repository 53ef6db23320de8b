// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** Redis is unreachable, comes back empty, and comes back with its old entries. */
class RedisFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private static LocalStack redis;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    redis = LocalStack.start("redis");
    servers = new HBaseRedisHarness(stack.hbase(), redis.redis());
  }

  @BeforeEach
  void startAgain() {
    if (!redis.isAlive("redis")) {
      redis.restart("redis");
    }
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void readsAndWritesContinueWithoutRedisUntilItReturns() {
    try (Users users = Users.open(servers, Map.of("redis.timeout", "500 ms")).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      redis.kill("redis");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "NL", 1, 1));
      users.write(Users.user("a", "BE", 2, 2));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(users.count("redis.pending")).isEqualTo(1);
      assertThat(users.count("breaker.open")).isEqualTo(1);
      Users.await(users.store().pingTables());
      users.write(new Delete(Key.of("a"), 3));
      assertThat(users.get("a")).isNull();
      redis.restart("redis");
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isNull();
            return users.count("breaker.close") == 1;
          });
      users.warm("a");
      assertThat(users.get("a")).isNull();
      HBaseShell.await("no write intent left", () -> users.repair().examined() == 0);
    }
  }

  /** Events that affect all entries and leases in Redis at once. */
  private enum Event {
    RESTARTED_EMPTY {
      @Override
      void play() {
        redis.kill("redis");
        redis.restart("redis");
      }
    },
    CLOCK_JUMPS_FORWARD {
      @Override
      void play() {
        servers.advanceServers(Duration.ofHours(1));
      }
    },
    CLOCK_JUMPS_BACK {
      @Override
      void play() {
        servers.advanceServers(Duration.ofHours(-1));
      }
    };

    abstract void play();
  }

  /** The event happens once on an idle store and once beside a steady load. */
  @ParameterizedTest
  @EnumSource
  void operationsSucceedWhateverHappensToEntries(Event event) throws Exception {
    try (FaultTrial trial = new FaultTrial(servers, Map.of("redis.timeout", "500 ms"))) {
      trial.run(event::play, event::play, FaultTrial::withoutRedis);
      trial.assertCopiesAgree();
    }
  }

  /** The server is frozen, so it still has its old entries when it resumes. */
  @Test
  void entryWithPendingWriteIsNotReadWhenRedisResumes() throws Exception {
    long pid = redis.process("redis").pid();
    try (Users users = Users.open(servers, Map.of("redis.timeout", "300 ms")).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      signal("STOP", pid);
      try {
        users.write(Users.user("a", "BE", 2, 2));
        assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      } finally {
        signal("CONT", pid);
      }
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
            return users.count("breaker.close") == 1;
          });
      users.warm("a");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      HBaseShell.await("no write intent left", () -> users.repair().examined() == 0);
    }
  }

  /** The entry stays stale for other processes until a repair, or until max-age. */
  @Test
  void repairReconcilesPendingWritesOfEndedProcess() {
    try (Users reader = Users.open(servers, Map.of()).created()) {
      reader.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      reader.warm("a");
      reader.warm("b");
      Map<String, String> nowhere =
          Map.of("redis.port", Integer.toString(freePort()), "redis.timeout", "300 ms");
      try (Users writer = Users.open(servers, nowhere, reader.spec())) {
        writer.write(Users.user("a", "BE", 2, 2));
        try (HBaseShell shell = new HBaseShell(stack.hbase())) {
          HBaseShell.await(
              "the intent is marked as ended", () -> shell.hasEndedIntent(writer.spec().name()));
        }
      }
      assertThat(reader.get("a")).as("bounded by max-age").isEqualTo(Users.user("a", "NL", 1, 1));
      var repair = reader.repair();
      assertThat(repair.examined()).isEqualTo(1);
      assertThat(repair.healed()).isEqualTo(1);
      assertThat(repair.remaining()).isFalse();
      assertThat(reader.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(reader.repair().examined()).isZero();
    }
  }

  @Test
  void maxAgeBoundsHowLongAnEntryIsStale() {
    // Nothing else may remove the entry first.
    Map<String, String> alone = Map.of("max-age", "2 s", "repair-interval", "1 h");
    try (Users reader = Users.open(servers, alone).created()) {
      reader.write(Users.user("a", "NL", 1, 1));
      reader.warm("a");
      Map<String, String> nowhere =
          Map.of("redis.port", Integer.toString(freePort()), "redis.timeout", "300 ms");
      try (Users writer = Users.open(servers, nowhere, reader.spec())) {
        writer.write(Users.user("a", "BE", 2, 2));
      }
      HBaseShell.await(
          "the entry has ended", () -> reader.get("a").equals(Users.user("a", "BE", 2, 2)));
    }
  }

  @Test
  void aServerWithAPasswordIsReachedWithIt() {
    try (Jedis plain = new Jedis(redis.redis().host(), redis.redis().port())) {
      plain.sendCommand(Protocol.Command.ACL, "SETUSER", "dim", "on", ">s3cret", "~dim:*", "+@all");
    }
    Map<String, String> login = Map.of("redis.user", "dim", "redis.password", "s3cret");
    try (Users users = Users.open(servers, login).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      assertThat(users.count("breaker.open")).isZero();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
