// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Key;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A quorum of two servers of ZooKeeper, which are two relays to one ZooKeeper. So both have the
 * same data and sessions, as the servers of an ensemble have.
 */
class ZooKeeperFailoverIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @Test
  void storeContinuesWithTheOtherServerOfTheQuorumWhicheverIsLost() throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Relay one = Relay.to(stack.hbase().port());
        Relay two = Relay.to(stack.hbase().port())) {
      Map<String, String> quorum =
          Map.of("zookeeper.quorum", "localhost:" + one.port() + ",localhost:" + two.port());
      try (Users users = Users.open(servers, quorum).created()) {
        for (Relay lost : List.of(one, two)) {
          lost.refuse();
          lost.cut();
          Relay left = lost == one ? two : one;
          // The client of ZooKeeper connects again by itself, and the next calls may not need it.
          HBaseShell.await("a connection to the server that is left", () -> left.accepted() > 0);
          // The creation of a table asks ZooKeeper for the master, a first lookup for a region.
          Users.await(users.store().createIfAbsent(Users.spec("users_" + Users.unique())));
          Users.await(users.store().validate(users.spec()));
          users.write(Users.user("a", "NL", 1, 1));
          try (Users late = Users.open(servers, quorum, users.spec())) {
            assertThat(Users.await(late.table().get(List.of(Key.of("a")), late.spec().all())))
                .containsExactly(Users.user("a", "NL", 1, 1));
          }
          lost.accept();
        }
      }
    }
  }
}
