// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The periodic repair of a store in use. */
class PeriodicRepairIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
  }

  @Test
  void storeInUseReconcilesIntentsOfOthersAndReportsBacklog() throws IOException {
    Map<String, String> often = Map.of("repair-interval", "200 ms", "max-age", "1 h");
    try (Users reader = Users.open(servers, often).created()) {
      String backlog = "backlog.keys." + reader.spec().name();
      reader.write(Users.user("a", "NL", 1, 1));
      reader.warm("a");
      try (Users writer = Users.open(servers, withoutRedis(), reader.spec())) {
        writer.write(Users.user("a", "BE", 2, 2));
      }
      HBaseShell.await(
          "the entry is healed, long before it expires",
          () -> reader.get("a").equals(Users.user("a", "BE", 2, 2)));
      HBaseShell.await(
          "the backlog is reconciled, and the gauge shows that",
          () -> {
            reader.get("a");
            return reader.gauge(backlog) == 0;
          });
      assertThat(reader.count("repair.healed")).isEqualTo(1);
    }
  }

  @Test
  void backlogIsReportedWhileRedisIsAway() throws IOException {
    Map<String, String> options = new HashMap<>(withoutRedis());
    options.put("repair-interval", "200 ms");
    try (Users users = Users.open(servers, options).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      assertThat(users.gauge("breaker.state")).as("the breaker is open").isEqualTo(2);
      users.write(Users.user("b", "NL", 1, 1));
      HBaseShell.await(
          "both write intents are counted",
          () -> {
            users.get("a");
            return users.gauge("backlog.keys." + users.spec().name()) == 2
                && users.gauge("backlog.oldest.ms." + users.spec().name()) > 0;
          });
    }
  }

  private static Map<String, String> withoutRedis() throws IOException {
    try (ServerSocket unused = new ServerSocket(0)) {
      return Map.of(
          "redis.port", Integer.toString(unused.getLocalPort()), "redis.timeout", "300 ms");
    }
  }
}
