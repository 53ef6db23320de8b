// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/**
 * If most reads of a table find no entry in Redis, the store takes leases without reading first.
 */
class MostlyMissesIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  /** The number of missing reads after which the store takes leases first. */
  private static final int LESSONS = 20;

  private HBaseRedisHarness servers;

  @BeforeEach
  void connect() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
  }

  @Test
  void missCostsOneRoundTripLess() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      read(users, "first");
      int cold = users.requests("redis");
      read(users, "second");
      assertThat(users.requests("redis") - cold).as("read, lease, fill").isEqualTo(3);
      learn(users);
      int before = users.requests("redis");
      read(users, "last");
      assertThat(users.requests("redis") - before).as("lease, fill").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"packed", "json", "hash"})
  void existingEntriesAreStillReadFromRedis(String format) {
    try (Users one = open(format, Users.spec("users_" + Users.unique())).created();
        Users other = open(format, one.spec())) {
      List<Change> rows = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        rows.add(Users.user("row" + i, "NL", i, 7));
      }
      one.write(rows.toArray(Change[]::new));
      for (int i = 0; i < 6; i++) {
        one.get("row" + i);
      }
      learn(other);
      long hits = other.count("redis.hit");
      long negatives = other.count("redis.negative");
      List<Key> keys = new ArrayList<>();
      rows.forEach(row -> keys.add(row.key()));
      keys.add(Key.of("lesson0"));
      List<Put> expected = new ArrayList<>();
      rows.forEach(row -> expected.add((Put) row));
      expected.add(null);

      List<Put> found = Users.await(other.table().get(keys, other.spec().all()));

      assertThat(found).isEqualTo(expected);
      assertThat(other.count("redis.hit") - hits).isEqualTo(6);
      assertThat(other.count("redis.negative") - negatives).isEqualTo(1);
    }
  }

  /** In one batch, one row has an entry and one has the lease of another reader. */
  @Test
  void theLeaseOfAnotherReaderIsSharedBesideEntries() {
    try (Users one = Users.open(servers, Map.of()).created();
        Users other = Users.open(servers, Map.of(), one.spec());
        Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      one.write(Users.user("a", "NL", 1, 7), Users.user("b", "NL", 2, 7));
      one.warm("a");
      learn(other);
      plain.set(
          Utf8.encode("dim:" + one.spec().name() + ":b"),
          EpochTags.tagged(plain, EntryCodec.lease(9, 9)),
          SetParams.setParams().px(600_000));
      long fills = other.count("fill");

      List<Put> found =
          Users.await(other.table().get(List.of(Key.of("a"), Key.of("b")), other.spec().all()));

      assertThat(found).containsExactly(Users.user("a", "NL", 1, 7), Users.user("b", "NL", 2, 7));
      assertThat(other.count("fill") - fills).isEqualTo(1);
    }
  }

  @Test
  void readsComeFirstAgainOnceEntriesExist() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      learn(users);
      for (int i = 0; i < LESSONS; i++) {
        read(users, "lesson" + i);
      }
      int before = users.requests("redis");
      read(users, "unknown");
      assertThat(users.requests("redis") - before).as("read, lease, fill").isEqualTo(3);
    }
  }

  @Test
  void projectionOfExistingEntryHasOnlyItsColumns() {
    try (Users one = Users.open(servers, Map.of()).created();
        Users other = Users.open(servers, Map.of(), one.spec())) {
      one.write(Users.user("a", "NL", 3, 1));
      one.get("a");
      learn(other);
      Put level = Users.await(other.table().get(List.of(Key.of("a")), Projection.of(1))).get(0);
      assertThat(level.row().size()).isEqualTo(1);
      assertThat(level.row().get(0)).isEqualTo(3);
    }
  }

  private Users open(String format, TableSpec spec) {
    return Users.open(
        servers,
        Map.of(),
        new TableSpec(spec.name(), spec.columns(), List.of("id"), Map.of("redis.format", format)));
  }

  private void learn(Users users) {
    for (int i = 0; i < LESSONS; i++) {
      read(users, "lesson" + i);
    }
  }

  private static void read(Users users, String id) {
    assertThat(users.get(id)).isNull();
  }
}
