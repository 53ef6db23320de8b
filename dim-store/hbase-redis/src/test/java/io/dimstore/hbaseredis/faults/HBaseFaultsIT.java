// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.Signals;
import io.dimstore.hbaseredis.fixture.Traffic;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.RedisEndpoint;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** HBase is unreachable, slow, or killed. */
class HBaseFaultsIT {

  private static LocalStack servers;
  private static HBaseRedisHarness harness;

  @BeforeAll
  static void start() {
    servers = LocalStack.start("hbase", "redis");
    harness = new HBaseRedisHarness(servers.hbase(), servers.redis());
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void whileHBaseIsPausedRedisAnswersUntilMaxAgeAndOtherCallsFailInTime() throws Exception {
    long pid = servers.process("hbase").pid();
    Map<String, String> options =
        Map.of("deadline", "2 s", "redis.timeout", "20 s", "max-age", "20 s");
    try (Users patient = Users.open(harness, Map.of()).created();
        Users users = Users.open(harness, options, patient.spec());
        Users brief =
            Users.open(harness, Map.of("deadline", "2 s", "max-age", "1 s"), patient.spec())) {
      patient.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      answers(users, "a");
      answers(brief, "b");
      users.warm("a");
      brief.warm("b");
      Put a = users.get("a");
      Signals.stop(pid);
      try {
        int asked = users.requests("hbase");
        assertThat(users.get("a")).isEqualTo(a);
        assertThat(users.requests("hbase")).isEqualTo(asked);
        failsInTime(users.table().get(List.of(Key.of("c")), users.spec().all()));
        failsInTime(users.table().write(List.of(Users.user("a", "BE", 2, 2))));
        try (Users late = Users.open(harness, Map.of("deadline", "2 s"), patient.spec())) {
          failsInTime(late.table().get(List.of(Key.of("c")), late.spec().all()));
        }
        HBaseShell.await(
            "an entry as old as max-age is not used",
            () -> failureOf(brief.table().get(List.of(Key.of("b")), brief.spec().all())) != null);
      } finally {
        Signals.go(pid);
      }
      HBaseShell.await(
          "answers of HBase",
          () -> failureOf(users.table().get(List.of(Key.of("c")), users.spec().all())) == null);
      users.write(Users.user("a", "DE", 3, 3));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "DE", 3, 3));
      HBaseShell.await(
          "the failed write's intent is reconciled",
          () -> {
            users.repair();
            return users.backlog().keys() == 0;
          });
      for (var page : users.check(100, false)) {
        assertThat(page.differences()).isEmpty();
      }
    }
  }

  /** One of the two regions of the write is closed, so only the other part is applied. */
  @Test
  void partlyFailedWriteIsFoundAsFarAsItWasAppliedAndItsIntentIsReconciled() throws Exception {
    String table = "users_" + Users.unique();
    Map<String, String> brief = Map.of("deadline", "3 s", "redis.timeout", "20 s");
    try (HBaseShell shell = new HBaseShell(servers.hbase());
        Admin admin = shell.admin()) {
      shell.create(table, Bytes.toByteArrays(new String[] {"m"}), "f", "s");
      try (Users patient =
              Users.open(harness, Map.of("repair-interval", "1 h"), Users.spec(table)).created();
          Users users = Users.open(harness, brief, patient.spec());
          Users hbaseOnly = Users.open(harness, Map.of("redis.port", "1"), patient.spec())) {
        patient.write(Users.user("a", "NL", 1, 1), Users.user("z", "NL", 1, 1));
        patient.warm("a");
        patient.warm("z");
        RegionInfo closed =
            admin.getRegions(TableName.valueOf(table)).stream()
                .filter(region -> region.containsRow(Bytes.toBytes("z")))
                .findFirst()
                .orElseThrow();
        admin.unassign(closed.getRegionName());
        HBaseShell.await(
            "half of a write in HBase",
            () -> {
              failsInTime(
                  users
                      .table()
                      .write(List.of(Users.user("a", "BE", 2, 2), Users.user("z", "BE", 2, 2))));
              return hbaseOnly.get("a").version() == 2;
            });
        assertThat(patient.get("a")).as("applied").isEqualTo(Users.user("a", "BE", 2, 2));
        assertThat(patient.backlog().keys()).as("pending keys").isGreaterThanOrEqualTo(2);
        admin.assign(closed.getRegionName());
        HBaseShell.await(
            "its write intent is reconciled",
            () -> {
              patient.repair();
              return patient.backlog().keys() == 0;
            });
        assertThat(patient.count("repair.healed")).as("stale entries").isZero();
        assertThat(patient.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
        assertThat(patient.get("z")).isEqualTo(hbaseOnly.get("z"));
        for (var page : patient.check(100, false)) {
          assertThat(page.differences()).isEmpty();
        }
      }
    }
  }

  @Test
  void readLongerThanLeaseIsAnsweredAndNotFilled() throws Exception {
    long pid = servers.process("hbase").pid();
    RedisEndpoint redis = servers.redis();
    try (Jedis plain = new Jedis(redis.host(), redis.port());
        Users users = Users.open(harness, Map.of("lease", "100 ms")).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      String name = "dim:" + users.spec().name() + ":a";
      CompletableFuture<List<Put>> answer;
      Signals.stop(pid);
      try {
        answer = users.table().get(List.of(Key.of("a")), users.spec().all()).toCompletableFuture();
        HBaseShell.await("the lease", () -> plain.exists(name));
        long end = plain.pttl(name) - 200;
        HBaseShell.await("the end of the lease", () -> plain.pttl(name) < end);
        assertThat(answer).isNotDone();
      } finally {
        Signals.go(pid);
      }
      assertThat(Users.await(answer)).containsExactly(Users.user("a", "NL", 1, 1));
      assertThat(users.count("fill.late")).isEqualTo(1);
      assertThat(plain.exists(name)).as("an entry").isFalse();
    }
  }

  @Test
  void aSlowHBaseOnlyDelays() throws Exception {
    long pid = servers.process("hbase").pid();
    Map<String, String> patient = Map.of("redis.timeout", "20 s", "lease", "100 ms");
    History history = new History(History.Kind.RECORDED_FIRST);
    Traffic traffic = new Traffic(history, 8, "");
    try (Users one = Users.open(harness, patient).created();
        Users two = Users.open(harness, patient, one.spec());
        Users hbaseOnly = Users.open(harness, Map.of("redis.port", "1"), one.spec())) {
      one.get("k0");
      two.get("k0");
      traffic.writer(one, 1).writer(two, 2).reader(one, 3).reader(two, 4);
      try {
        for (int i = 0; i < 12; i++) {
          assertThat(traffic.isFine()).isTrue();
          Signals.stop(pid);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
          Signals.go(pid);
          long writes = history.writes();
          HBaseShell.await("writes", () -> history.writes() > writes + 5 || !traffic.isFine());
        }
      } finally {
        Signals.go(pid);
        traffic.end();
      }
      traffic.compare(one, hbaseOnly);
      assertThat(one.count("fill.late") + two.count("fill.late"))
          .as("fills that took longer than the lease")
          .isPositive();
    }
  }

  @Test
  void killedHBaseHasAcknowledgedWritesAfterRestart() {
    try (Users patient = Users.open(harness, Map.of()).created();
        Users users = Users.open(harness, Map.of("deadline", "3 s"), patient.spec())) {
      answers(users, "k0");
      Change[] changes = new Change[200];
      for (int i = 0; i < changes.length; i++) {
        changes[i] = Users.user("k" + i, "NL", i, i);
      }
      patient.write(changes);
      patient.write(Users.user("last", "NL", 1, 1));
      servers.kill("hbase");
      servers.restart("hbase");
      answers(users, "k0");
      answers(patient, "k0");
      for (int i = 0; i < changes.length; i++) {
        assertThat(patient.get("k" + i)).isEqualTo(changes[i]);
      }
      assertThat(patient.get("last")).isEqualTo(Users.user("last", "NL", 1, 1));
      patient.write(Users.user("last", "BE", 2, 2));
      assertThat(patient.get("last")).isEqualTo(Users.user("last", "BE", 2, 2));
    }
  }

  /** Reads until the client has reconnected to HBase. */
  private static void answers(Users users, String id) {
    HBaseShell.await(
        "an answer",
        () -> failureOf(users.table().get(List.of(Key.of(id)), users.spec().all())) == null);
  }

  /** Asserts that a call fails within a time far above its deadline of a few seconds. */
  private static void failsInTime(CompletionStage<?> call) {
    CompletableFuture<?> ended = call.toCompletableFuture().orTimeout(15, TimeUnit.SECONDS);
    assertThat(failureOf(ended)).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
  }

  private static Kind failureOf(CompletionStage<?> call) {
    try {
      call.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
      return null;
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      assertThat(known).as("how a call ended: %s", e).isNotNull();
      return known.kind();
    }
  }
}
