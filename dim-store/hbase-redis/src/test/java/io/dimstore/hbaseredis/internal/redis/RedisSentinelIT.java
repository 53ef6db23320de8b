// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.SteadyLoad;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failover of a master by Sentinels. */
class RedisSentinelIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private RedisGroup group;
  private HBaseRedisHarness servers;

  @BeforeEach
  void start() {
    group = RedisGroup.withSentinels();
    group.sentinels().forEach(port -> RedisAccessIT.allow(port, "sentinel"));
    Map<String, String> options = new HashMap<>(group.options());
    options.put("redis.sentinel.user", "dimstore");
    options.put("redis.sentinel.password", "s3cret");
    servers = new HBaseRedisHarness(stack.hbase(), options);
  }

  @AfterEach
  void stop() {
    group.close();
  }

  /** The replica, which becomes the master, has an entry whose replacement it did not receive. */
  @Test
  void anEntryThatAFailoverBroughtBackIsNoAnswer() {
    int master = group.of("master").get(0);
    int replica = group.of("slave").get(0);
    try (Users users = Users.open(servers, Map.of("redis.timeout", "500 ms")).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      byte[] name = Utf8.encode("dim:" + users.spec().name() + ":a");
      HBaseShell.await("the replica has the entry", () -> RedisGroup.has(replica, name));
      group.cutOff(replica);
      users.write(Users.user("a", "BE", 2, 2));
      assertThat(users.count("redis.pending")).as("Redis has it").isZero();
      ScanSplit split =
          Users.await(users.table().splits(1, ScanOptions.rows(users.spec().all()))).get(0);
      group.kill(master);
      FaultOperation.assertServedWithoutRedis(users, split);
      SteadyLoad load =
          SteadyLoad.start(
              users.table(),
              users.spec(),
              2,
              (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
      FaultOperation.assertServedWithoutRedis(users, split);
      HBaseShell.await(
          "the replica is the master",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
            return group.of("master").contains(replica);
          });
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
            return users.gauge("breaker.state") == 0 && group.connections() > 0;
          });
      FaultOperation.assertServedWithoutRedis(users, split);
      load.end();
      users.warm("a");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      users.write(Users.user("a", "DE", 3, 3));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "DE", 3, 3));
      HBaseShell.await("no write intent left", () -> users.repair().examined() == 0);
      assertThat(users.check(100, false)).allMatch(page -> page.differences().isEmpty());
    }
    HBaseShell.await(
        "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);
  }

  @Test
  void openingAndClosingOftenLeavesNothing() {
    RedisGroup.openAndClose(servers, group);
  }

  @Test
  void unknownMasterNameIsReported() {
    Map<String, String> options = new HashMap<>(group.options());
    options.put("redis.sentinel.master", "nobody");
    try (Users users = Users.open(new HBaseRedisHarness(stack.hbase(), options), Map.of())) {
      Failing.with(users.store().ping(), Kind.INVALID, "'redis.sentinel.master'", "nobody");
    }
  }
}
