// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.SteadyLoad;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Redis is reachable and answers with errors. Rows are read from HBase, writes succeed and stay
 * pending for Redis, and the store recovers by itself.
 */
class RefusingRedisIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private static RefusingRedis redis;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    redis = new RefusingRedis();
    servers =
        new HBaseRedisHarness(
            stack.hbase(),
            Map.of("redis.host", redis.host(), "redis.port", Integer.toString(redis.port())));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreReadAndWrittenWithoutRedisAndTheStoreRecoversByItself(RefusingRedis.State state) {
    Map<String, String> options = Map.of("redis.timeout", "500 ms", "repair-interval", "1 h");
    try (Users users = Users.open(servers, options).created()) {
      users.write(
          Users.user("kept", "NL", 1, 1),
          Users.user("changed", "NL", 1, 1),
          Users.user("deleted", "NL", 1, 1));
      users.warm("kept");
      users.warm("changed");
      users.warm("deleted");
      ScanSplit split =
          Users.await(users.table().splits(1, ScanOptions.rows(users.spec().all()))).get(0);
      SteadyLoad load;
      redis.begin(state);
      try {
        assertThat(users.get("kept")).isEqualTo(Users.user("kept", "NL", 1, 1));
        users.write(Users.user("changed", "BE", 2, 2), Users.user("new", "BE", 2, 2));
        users.write(new Delete(Key.of("deleted"), 2));
        assertNewest(users);
        assertThat(users.count("redis.pending")).as("keys pending for Redis").isEqualTo(3);
        assertThat(rowsOf(users)).isEqualTo(3);
        if (!state.endsByItself()) {
          assertThat(users.backlog().keys()).as("keys in write intents").isEqualTo(3);
          StoreException refused = failureOf(((Maintenance) users.table()).repair(100));
          assertThat(refused.kind().isRetryable()).as(refused.getMessage()).isTrue();
          assertThat(users.backlog().keys())
              .as("the result of a repair in this state")
              .isEqualTo(3);
        }
        load =
            SteadyLoad.start(
                users.table(),
                users.spec(),
                2,
                (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
        FaultOperation.assertServedWithoutRedis(users, split);
        assertNewest(users);
        FaultOperation.assertServedWithoutRedis(users, split);
      } finally {
        redis.end(state);
      }
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertNewest(users);
            return !load.isFine() || users.count("breaker.close") >= 1;
          });
      load.end();
      HBaseShell.await(
          "nothing pending for Redis",
          () -> {
            // Writes during the recovery may still be pending; a repair reconciles them.
            users.repair();
            return users.backlog().keys() == 0;
          });
      users.warm("changed");
      users.warm("deleted");
      assertNewest(users);
      for (var page : users.check(100, false)) {
        assertThat(page.differences()).isEmpty();
      }
    }
  }

  private static StoreException failureOf(CompletionStage<?> call) {
    return Users.await(
        call.handle(
            (value, failure) -> {
              assertThat(failure).as("how it ended: %s", value).isNotNull();
              return StoreException.find(failure);
            }));
  }

  private static void assertNewest(Users users) {
    assertThat(users.get("kept")).isEqualTo(Users.user("kept", "NL", 1, 1));
    assertThat(users.get("changed")).isEqualTo(Users.user("changed", "BE", 2, 2));
    assertThat(users.get("new")).isEqualTo(Users.user("new", "BE", 2, 2));
    assertThat(users.get("deleted")).isNull();
  }

  private static int rowsOf(Users users) {
    int rows = 0;
    for (ScanSplit split :
        Users.await(users.table().splits(1, ScanOptions.rows(users.spec().all())))) {
      for (ScanSplit rest = split; rest != null; ) {
        var page = Users.await(users.table().scan(rest, 100));
        rows += page.changes().size();
        rest = page.remaining();
      }
    }
    return rows;
  }
}
