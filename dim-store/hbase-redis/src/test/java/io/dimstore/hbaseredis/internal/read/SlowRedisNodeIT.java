// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Callers;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/** One slow server among several: its keys come from HBase, those of the others from Redis. */
class SlowRedisNodeIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private static final int KEYS = 60;
  private static final Map<String, String> QUICK =
      Map.of("redis.slow-after", "30 ms", "redis.timeout", "800 ms");
  private static final List<String> IDS = IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();

  private static void fill(Users users) {
    users.write(IDS.stream().map(id -> Users.user(id, "NL", 1, 1)).toArray(Put[]::new));
    IDS.forEach(users::warm);
  }

  private static List<Put> readAll(Users users) {
    List<Key> keys = new ArrayList<>();
    IDS.forEach(id -> keys.add(Key.of(id)));
    return Users.await(users.table().get(keys, users.spec().all()));
  }

  @Test
  void slowClusterNodeAffectsOnlyItsOwnKeys() {
    try (RedisGroup group = RedisGroup.relayedCluster()) {
      HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), group.options());
      try (Users users = Users.open(servers, QUICK).created()) {
        fill(users);
        int slow = group.of("master").get(0);
        List<String> own = keysOf(slow, users);
        List<String> others = IDS.stream().filter(id -> !own.contains(id)).toList();
        assertThat(own).isNotEmpty();
        Relay relay = group.plainRelay(slow);
        // Just below the timeout.
        relay.delay(Direction.ANSWERS, Duration.ofMillis(700));
        try (Callers callers = Callers.start(50, users, own)) {
          HBaseShell.await("the breaker is open", () -> users.gauge("breaker.servers") == 1);
          callers.await(200);
          assertThat(callers.failures()).isEmpty();
        }
        HBaseShell.await(
            "the others' keys come from Redis",
            () -> hitsOf(users, () -> others.forEach(users::get)) == others.size());
        HBaseShell.await(
            "a batch of all keys gets rows from both",
            () ->
                hitsOf(users, () -> assertThat(readAll(users)).hasSize(KEYS).doesNotContainNull())
                    == others.size());
        // A write waits for the slow node, or is pending for it; lookups see it in both cases.
        Put[] newer = IDS.stream().map(id -> Users.user(id, "BE", 2, 2)).toArray(Put[]::new);
        users.write(newer);
        assertThat(readAll(users)).containsExactly(newer);
        assertThat(users.gauge("breaker.servers")).isPositive();
        relay.heal();
        HBaseShell.await(
            "it is in use again",
            () -> {
              assertThat(readAll(users)).containsExactly(newer);
              return users.gauge("breaker.state") == 0;
            });
        own.forEach(users::warm);
        assertThat(readAll(users)).containsExactly(newer);
      }
    }
  }

  /**
   * Returns how many rows the lookups got from Redis. On a busy machine another server may be slow
   * for a moment too, and its keys come from HBase then.
   */
  private static long hitsOf(Users users, Runnable lookups) {
    long before = users.count("redis.hit");
    lookups.run();
    return users.count("redis.hit") - before;
  }

  private static List<String> keysOf(int port, Users users) {
    try (Jedis node = RedisGroup.open(port)) {
      String id = node.clusterMyId();
      String own =
          node.clusterNodes().lines().filter(line -> line.startsWith(id)).findFirst().orElseThrow();
      return IDS.stream()
          .filter(
              key ->
                  owns(
                      own,
                      JedisClusterCRC16.getSlot(
                          Utf8.encode("dim:" + users.spec().name() + ":" + key))))
          .toList();
    }
  }

  /** Whether the line of CLUSTER NODES has a slot, alone or in a range. */
  private static boolean owns(String line, int slot) {
    String[] words = line.split(" ", -1);
    for (int i = 8; i < words.length; i++) {
      String[] range = words[i].split("-", -1);
      if (range.length > 0
          && Integer.parseInt(range[0]) <= slot
          && slot <= Integer.parseInt(range[range.length - 1])) {
        return true;
      }
    }
    return false;
  }

  @Test
  void lookupsBypassSlowMasterBehindSentinelsUntilItIsFast() {
    try (RedisGroup group = RedisGroup.relayedWithSentinels()) {
      HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), group.options());
      try (Users users = Users.open(servers, QUICK).created()) {
        fill(users);
        Relay relay = group.plainRelay(group.of("master").get(0));
        relay.delay(Direction.ANSWERS, Duration.ofMillis(300));
        try (Callers callers = Callers.start(50, users, IDS)) {
          HBaseShell.await("the breaker is open", () -> users.gauge("breaker.state") != 0);
          callers.await(500);
          assertThat(users.count("breaker.slow")).isPositive();
          relay.heal();
          HBaseShell.await("it is in use again", () -> users.gauge("breaker.state") == 0);
          long hits = users.count("redis.hit");
          HBaseShell.await("hits", () -> users.count("redis.hit") > hits + 100);
          assertThat(callers.failures()).isEmpty();
        }
      }
    }
  }
}
