// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.tck.harness.SteadyLoad;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation during network faults between the store and Redis, idle and under load. Reads,
 * writes and scans succeed with HBase alone; repairs and purges may fail with a kind that can be
 * retried.
 */
class RedisRelayFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @ParameterizedTest
  @EnumSource
  void rowsAreReadAndWrittenWithoutRedisAndTheStoreRecoversByItself(RelayFault fault) {
    Map<String, String> options = Map.of("redis.timeout", "500 ms", "repair-interval", "1 h");
    try (Relay relay = Relay.to(stack.redis().port())) {
      HBaseRedisHarness servers =
          new HBaseRedisHarness(
              stack.hbase(),
              Map.of("redis.host", "127.0.0.1", "redis.port", Integer.toString(relay.port())));
      try (Users users = Users.open(servers, options).created()) {
        users.write(Users.user("kept", "NL", 1, 1), Users.user("changed", "NL", 1, 1));
        users.warm("kept");
        users.warm("changed");
        ScanSplit split =
            Users.await(users.table().splits(1, ScanOptions.rows(users.spec().all()))).get(0);
        SteadyLoad load;
        fault.begin(relay);
        try {
          FaultOperation.assertServedWithoutRedis(users, split);
          users.write(Users.user("changed", "BE", 2, 2));
          assertThat(users.get("changed")).isEqualTo(Users.user("changed", "BE", 2, 2));
          assertThat(users.get("kept")).isEqualTo(Users.user("kept", "NL", 1, 1));
          load =
              SteadyLoad.start(
                  users.table(),
                  users.spec(),
                  2,
                  (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
          FaultOperation.assertServedWithoutRedis(users, split);
        } finally {
          fault.end(relay);
        }
        HBaseShell.await(
            "reads from Redis again",
            () -> {
              long before = users.count("redis.hit");
              users.get("kept");
              return !load.isFine() || users.count("redis.hit") > before;
            });
        load.end();
        HBaseShell.await(
            "nothing pending for Redis",
            () -> {
              users.repair();
              return users.backlog().keys() == 0;
            });
        Put changed = Users.user("changed", "BE", 2, 2);
        users.warm("changed");
        assertThat(users.get("changed")).isEqualTo(changed);
        for (var page : users.check(100, false)) {
          assertThat(page.differences()).isEmpty();
        }
      }
    }
  }
}
