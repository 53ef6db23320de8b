// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.RelayGate;
import io.dimstore.stack.relay.RelayedHBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An attempt to write a row is held before the region server until its write has failed, or until a
 * later attempt of the same write, and a later write, have succeeded; then it is delivered.
 */
class LateAttemptIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  /** The text in the row whose attempt is late; no other request contains it. */
  private static final String LATE = "LATE";

  private static RelayedHBase hbase;

  private HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    hbase = RelayedHBase.start();
  }

  @AfterAll
  static void stop() {
    hbase.close();
  }

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(hbase.endpoint(), stack.redis());
  }

  @AfterEach
  void clear() {
    hbase.relay().hold(Direction.REQUESTS, Hold.NONE);
  }

  private Users users(Map<String, String> options) {
    return Users.open(servers, options).created();
  }

  /** Writes a row in two attempts, then the later changes, then delivers the first attempt. */
  private static void deliverLate(Users users, Put row, Change... later) throws Exception {
    deliverLate(users, () -> users.table().write(List.of(row)), later);
  }

  private static void deliverLate(
      Users users, Supplier<CompletionStage<Void>> call, Change... later) throws Exception {
    users.write(Users.user("warm", "NL", 1, 1));
    try (RelayGate gate = RelayGate.holding(LATE)) {
      hbase.relay().hold(Direction.REQUESTS, gate);
      CompletableFuture<Void> write = call.get().toCompletableFuture();
      gate.awaitHeld();
      hbase.relay().hold(Direction.REQUESTS, Hold.NONE);
      hbase.relay().cutClients();
      Users.await(write);
      for (Change change : later) {
        users.write(change);
      }
      long before = hbase.relay().waiting(Direction.REQUESTS);
      assertThat(before).as("bytes held").isPositive();
      gate.open();
      HBaseShell.await("delivery", () -> hbase.relay().waiting(Direction.REQUESTS) == 0);
    }
  }

  /** A lookup between the failure and the late attempt must not leave the older row in Redis. */
  @Test
  void failedWriteThatArrivesLateIsFoundAtOnce() throws Exception {
    // The failed write's rows are fenced for three times its deadline.
    try (Users patient = users(Map.of());
        Users brief = Users.open(servers, Map.of("deadline", "4 s"), patient.spec());
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), patient.spec());
        RelayGate gate = RelayGate.holding(LATE)) {
      patient.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      brief.write(Users.user("warm", "NL", 1, 1));
      patient.warm("a");
      patient.warm("b");
      hbase.relay().hold(Direction.REQUESTS, gate);
      Put late = Users.user("a", LATE, 2, 2);
      CompletableFuture<Void> write = brief.table().write(List.of(late)).toCompletableFuture();
      gate.awaitHeld();
      HBaseShell.await("the writer gives up", write::isDone);
      hbase.relay().hold(Direction.REQUESTS, Hold.NONE);
      assertThat(write).isCompletedExceptionally();
      hbase.relay().cutClients();
      for (int i = 0; i < 3; i++) {
        assertThat(patient.get("a")).isEqualTo(Users.user("a", "NL", 1, 1));
      }
      int asked = patient.requests("hbase");
      assertThat(patient.get("b")).isEqualTo(Users.user("b", "NL", 1, 1));
      assertThat(patient.requests("hbase")).as("requests for another row").isEqualTo(asked);
      gate.open();
      HBaseShell.await("the late attempt", () -> hbaseOnly.get("a").equals(late));
      assertThat(patient.get("a")).isEqualTo(late);
      assertThat(brief.count("redis.fenced")).isPositive();
    }
  }

  @Test
  void lateAttemptOverwritesNoNewerVersion() throws Exception {
    try (Users users = users(Map.of());
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      Put newer = Users.user("a", "BE", 2, 6);
      deliverLate(users, Users.user("a", LATE, 1, 5), newer);
      for (int i = 0; i < 50; i++) {
        assertThat(hbaseOnly.get("a")).isEqualTo(newer);
        assertThat(users.get("a")).isEqualTo(newer);
      }
      deliverLate(users, Users.user("b", LATE, 1, 5), new Delete(Key.of("b"), 6));
      for (int i = 0; i < 50; i++) {
        assertThat(hbaseOnly.get("b")).isNull();
        assertThat(users.get("b")).isNull();
      }
      servers.age(users.spec());
      assertThat(hbaseOnly.get("a")).isEqualTo(newer);
      assertThat(hbaseOnly.get("b")).isNull();
    }
  }

  @Test
  void withCheckedWritesLateAttemptOverwritesNoWriteOfItsVersionEither() throws Exception {
    Map<String, String> checked = Map.of("checked-writes", "true");
    try (Users users = users(checked);
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      Put tie = Users.user("a", "BE", 2, 5);
      deliverLate(users, Users.user("a", LATE, 1, 5), tie);
      deliverLate(users, Users.user("b", LATE, 1, 5), new Delete(Key.of("b"), 5));
      for (int i = 0; i < 50; i++) {
        assertThat(hbaseOnly.get("a")).isEqualTo(tie);
        assertThat(hbaseOnly.get("b")).isNull();
      }
      assertThat(users.get("a")).isEqualTo(tie);
      assertThat(users.get("b")).isNull();
    }
  }

  /** The condition of an update, unlike a plain write, also keeps it from overwriting a tie. */
  @Test
  void lateAttemptOfAnUpdateChangesNothing() throws Exception {
    try (Users users = users(Map.of());
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      users.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      deliverLate(users, () -> lateCount(users, "a"));
      deliverLate(users, () -> lateCount(users, "b"), Users.user("b", "BE", 9, 2));
      for (int i = 0; i < 50; i++) {
        assertThat(hbaseOnly.get("a")).isEqualTo(Users.user("a", LATE, 2, 2));
        assertThat(hbaseOnly.get("b")).isEqualTo(Users.user("b", "BE", 9, 2));
      }
      assertThat(users.get("a")).isEqualTo(Users.user("a", LATE, 2, 2));
      assertThat(users.get("b")).isEqualTo(Users.user("b", "BE", 9, 2));
    }
  }

  /** Adds one to the level of a user. */
  private static CompletionStage<Void> lateCount(Users users, String id) {
    return users
        .updates()
        .update(
            List.of(Key.of(id)),
            (key, stored) -> {
              Put put = (Put) stored;
              return Users.user(id, LATE, (Integer) put.row().get(1) + 1, put.version() + 1);
            });
  }

  /** The limit of plain writes: HBase and Redis agree again after max-age, or after a check. */
  @Test
  void withoutCheckedWritesLateAttemptOverwritesOnlyItsOwnVersionAndTheCopiesConverge()
      throws Exception {
    try (Users users = users(Map.of("max-age", "1 h"));
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      Put late = Users.user("a", LATE, 1, 5);
      deliverLate(users, late, Users.user("a", "BE", 2, 5));
      HBaseShell.await("the late attempt", () -> hbaseOnly.get("a").equals(late));
      users.check(100, true);
      HBaseShell.await("Redis as HBase", () -> users.get("a").equals(late));
      Put next = Users.user("a", "DE", 3, 6);
      users.write(next);
      assertThat(users.get("a")).isEqualTo(next);
      assertThat(hbaseOnly.get("a")).isEqualTo(next);
    }
  }
}
