package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HBase away, slow, and killed. */
class HBaseFaultsIT {

  private static LocalStack servers;
  private static HBaseRedisHarness harness;

  @BeforeAll
  static void start() {
    servers = LocalStack.start(Server.HBASE, Server.REDIS);
    harness = new HBaseRedisHarness(servers.hbase(), servers.redis());
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void whileHBaseStandsStillRedisAnswersUntilMaxAgeAndAllElseFailsInTime() throws Exception {
    long pid = servers.process(Server.HBASE).pid();
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
        assertThat(failureOf(users.table().get(List.of(Key.of("c")), users.spec().all())))
            .isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
        List<Change> change = List.of(Users.user("a", "BE", 2, 2));
        assertThat(failureOf(users.table().write(change))).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
        HBaseShell.await(
            "an entry that is as old as max-age answers nobody",
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
          "the failed write's mark settled",
          () -> {
            users.repair();
            return users.backlog().keys() == 0;
          });
      for (var page : users.check(100, false)) {
        assertThat(page.differences()).isEmpty();
      }
    }
  }

  @Test
  void aSlowHBaseOnlyDelays() throws Exception {
    long pid = servers.process(Server.HBASE).pid();
    Map<String, String> patient = Map.of("redis.timeout", "20 s", "lease", "100 ms");
    History history = new History(History.Kind.TOLD);
    Traffic traffic = new Traffic(history, 8, "");
    try (Users one = Users.open(harness, patient).created();
        Users two = Users.open(harness, patient, one.spec());
        Users truth = Users.open(harness, Map.of("redis.port", "1"), one.spec())) {
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
      traffic.compare(one, truth);
      assertThat(one.count("fill.late") + two.count("fill.late"))
          .as("fills that took longer than the lease")
          .isPositive();
    }
  }

  @Test
  void aKilledHBaseHasWhatWasAcknowledgedWhenItIsBack() {
    try (Users patient = Users.open(harness, Map.of()).created();
        Users users = Users.open(harness, Map.of("deadline", "3 s"), patient.spec())) {
      answers(users, "k0");
      Change[] changes = new Change[200];
      for (int i = 0; i < changes.length; i++) {
        changes[i] = Users.user("k" + i, "NL", i, i);
      }
      patient.write(changes);
      patient.write(Users.user("last", "NL", 1, 1));
      servers.kill(Server.HBASE);
      servers.restart(Server.HBASE);
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

  /** Until the client has found its way to HBase. */
  private static void answers(Users users, String id) {
    HBaseShell.await(
        "an answer",
        () -> failureOf(users.table().get(List.of(Key.of(id)), users.spec().all())) == null);
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
