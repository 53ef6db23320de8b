// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.hbase.RefusingRpcClient;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoredChanges;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Updates in conditions that the conformance kit cannot bring about. */
class RowUpdatesIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static final int UPDATES = 40;

  private HBaseRedisHarness servers;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
  }

  /** Adds one to the level of a user, from any state. */
  private static Change plusOne(Key key, Change stored) {
    String id = (String) key.get(0);
    long version = stored == null ? 1 : stored.version() + 1;
    return stored instanceof Put put
        ? Users.user(id, "NL", (Integer) put.row().get(1) + 1, version)
        : Users.user(id, "NL", 1, version);
  }

  @Test
  void updateWhoseAnswerIsLostIsAppliedOnceAndInBothCopies() throws Exception {
    try (Users users = Users.open(servers, RefusingRpcClient.options()).created();
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      users.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      users.warm("a");
      users.warm("b");
      AtomicInteger calls = new AtomicInteger();
      AtomicBoolean lost = new AtomicBoolean();
      Runnable end = RefusingRpcClient.loseFirstConditionalAnswer(users.spec().name(), lost);
      try {
        Users.await(
            users
                .updates()
                .update(
                    List.of(Key.of("a"), Key.of("b")),
                    (key, stored) -> {
                      calls.incrementAndGet();
                      return key.get(0).equals("a") ? plusOne(key, stored) : new Delete(key, 2);
                    }));
      } finally {
        end.run();
      }
      assertThat(lost).isTrue();
      assertThat(calls).hasValue(2);
      for (Users reader : List.of(users, hbaseOnly)) {
        assertThat(reader.get("a")).isEqualTo(Users.user("a", "NL", 2, 2));
        assertThat(reader.get("b")).isNull();
      }
      HBaseShell.await("removal of the write intents", () -> users.backlog().keys() == 0);
    }
  }

  /** A writer recognizes its own row by the number. */
  @Test
  void equalResultsHaveDifferentStateCells() throws Exception {
    try (Users users = Users.open(servers, Map.of()).created();
        HBaseShell shell = new HBaseShell(stack.hbase());
        Table table = shell.table(users.spec().name())) {
      Users.await(users.updates().update(List.of(Key.of("a"), Key.of("b")), RowUpdatesIT::plusOne));
      byte[] state = {'s'};
      assertThat(table.get(new Get(Bytes.toBytes("a"))).getValue(state, StateCell.QUALIFIER))
          .isNotEqualTo(
              table.get(new Get(Bytes.toBytes("b"))).getValue(state, StateCell.QUALIFIER));
    }
  }

  /** While HBase has the tombstone, it would hide an update of a lower version. */
  @Test
  void tombstoneCountsUntilItIsPurged() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      users.write(Users.user("a", "NL", 1, 8), new Delete(Key.of("a"), 9));
      Instant later = Instant.now().plus(Duration.ofDays(30));
      try (Users then = Users.open(servers, Map.of(), users.spec(), () -> later)) {
        assertThat(Users.await(((StoredChanges) then.table()).stored(List.of(Key.of("a")))))
            .as("the retention is over")
            .containsOnlyNulls();
        List<Change> given = new ArrayList<>();
        then.update(
            "a",
            (key, stored) -> {
              given.add(stored);
              return plusOne(key, stored);
            });
        assertThat(given).containsExactly(new Delete(Key.of("a"), 9));
        assertThat(then.get("a")).isEqualTo(Users.user("a", "NL", 1, 10));
      }
    }
  }

  @Test
  void keyThatHBaseCannotHoldIsInvalidBeforeAnythingIsSent() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      Key tooLong = Key.of("x".repeat(40_000));
      assertInvalid(users, RowUpdatesIT::plusOne, List.of(Key.of("a"), tooLong), tooLong);
      assertThat(users.get("a")).isNull();
    }
  }

  @Test
  void rowThatCannotBeEncodedIsInvalidAndNothingIsWritten() {
    try (Users users =
        Users.open(servers, Map.of("hbase.client.keyvalue.maxsize", "10000")).created()) {
      assertInvalid(
          users,
          (key, stored) ->
              key.get(0).equals("a")
                  ? plusOne(key, stored)
                  : Users.user("big", "x".repeat(20_000), 1, 1),
          List.of(Key.of("a"), Key.of("big")),
          Key.of("big"));
      assertThat(users.get("a")).isNull();
      assertThat(users.backlog().keys()).as("keys of write intents").isZero();
    }
  }

  private static void assertInvalid(
      Users users, RowUpdates.Update update, List<Key> keys, Key refused) {
    assertThatThrownBy(() -> users.updates().update(keys, update).toCompletableFuture().join())
        .satisfies(
            failure -> {
              StoreException known = StoreException.find(failure);
              assertThat(known).as("%s", failure).isNotNull();
              assertThat(known.kind()).isEqualTo(Kind.INVALID);
              assertThat(known.keys()).containsExactly(refused);
            });
  }

  /** One of the stores writes with conditions itself. */
  @Test
  void updatesOfPlainAndCheckedWritersAreAllCounted() throws Exception {
    try (Users users = Users.open(servers, Map.of()).created();
        Users other = Users.open(servers, Map.of("checked-writes", "true"), users.spec());
        Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      List<CompletableFuture<Void>> callers = new ArrayList<>();
      for (Users each : List.of(users, other)) {
        callers.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < UPDATES; i++) {
                    each.update("a", RowUpdatesIT::plusOne);
                    each.get("a");
                  }
                }));
      }
      for (CompletableFuture<Void> caller : callers) {
        Users.await(caller);
      }
      Put counted = Users.user("a", "NL", 2 * UPDATES, 2L * UPDATES);
      assertThat(hbaseOnly.get("a")).isEqualTo(counted);
      assertThat(users.get("a")).isEqualTo(counted);
      assertThat(other.get("a")).isEqualTo(counted);
    }
  }
}
