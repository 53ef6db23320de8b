// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Key;
import io.dimstore.stack.LocalStackExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which tier answered: the counts of HBase and Redis add up to the number of requested keys. */
class TiersIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @Test
  void everyKeyIsCountedOnceByTheTierThatAnswered() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users users = Users.open(servers, Map.of("redis.timeout", "20 s")).created()) {
      users.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      ask(users);
      assertThat(tiers(users)).as("nothing is in Redis yet").containsExactly(0L, 0L, 2L, 1L);
      users.warm("a");
      users.warm("b");
      users.warm("c");
      List<Long> before = tiers(users);
      ask(users);
      assertThat(tiers(users))
          .as("all is in Redis")
          .containsExactly(before.get(0) + 2, before.get(1) + 1, before.get(2), before.get(3));
    }
  }

  @Test
  void readsWithoutRedisCountForHBase() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users users = Users.open(servers, Map.of()).created();
        Users alone = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      users.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
      for (int round = 1; round <= 5; round++) {
        ask(alone);
        assertThat(tiers(alone)).containsExactly(0L, 0L, 2L * round, 1L * round);
      }
      assertThat(alone.gauge("breaker.state")).as("the breaker is open").isEqualTo(2);
    }
  }

  @Test
  void writesThatFindANewerRowInRedisAreCountedAndOthersAreNot() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users users = Users.open(servers, Map.of("redis.timeout", "20 s")).created()) {
      users.write(Users.user("a", "NL", 1, 10), Users.user("b", "NL", 1, 10));
      users.warm("a");
      users.write(Users.user("a", "DE", 2, 9), Users.user("b", "DE", 2, 9));
      assertThat(users.count("superseded")).as("b is not in Redis").isEqualTo(1);
      users.write(Users.user("a", "FR", 3, 11));
      assertThat(users.count("superseded")).isEqualTo(1);
    }
  }

  @Test
  void storeReportsEachCountFromTheBeginning() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users users = Users.open(servers, Map.of())) {
      assertThat(users.counts())
          .isEqualTo(
              Stream.of(
                      "redis.hit",
                      "redis.negative",
                      "redis.miss",
                      "redis.corrupt",
                      "clock.jump",
                      "redis.fenced",
                      "redis.pending",
                      "superseded",
                      "hbase.hit",
                      "hbase.negative",
                      "fill",
                      "fill.late",
                      "fill.invalidated",
                      "redis.late",
                      "redis.rejected",
                      "breaker.slow",
                      "breaker.open",
                      "breaker.close",
                      "reconcile.pass",
                      "reconcile.keys",
                      "reconcile.busy",
                      "intents.dropped",
                      "intents.unreadable",
                      "repair.healed",
                      "repair.corrupt")
                  .collect(Collectors.toMap(name -> name, name -> 0L)));
      assertThat(users.gauge("breaker.state")).isZero();
    }
  }

  /** Looks up two rows and a key without a row. */
  private static void ask(Users users) {
    Users.await(
        users.table().get(List.of(Key.of("a"), Key.of("b"), Key.of("c")), users.spec().all()));
  }

  private static List<Long> tiers(Users users) {
    return Stream.of("redis.hit", "redis.negative", "hbase.hit", "hbase.negative")
        .map(users::count)
        .toList();
  }
}
