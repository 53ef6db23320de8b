// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.ScriptHolds;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayGate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two readers miss one row and read HBase, one before and one after a write that never reaches
 * Redis. The later reader sees the newer row. As soon as its caller has the answer, the earlier
 * reader's fill must not be able to put the older row into Redis. Gates hold the fills, so that the
 * earlier reader's fill is sent first.
 */
class FillBeforeAnswerIT {

  private static final String ID = "contested";

  /** The answer of Redis to a reader that has a lease on each of its rows. */
  private static final String LEASED = "*0\r\n";

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());

  @ParameterizedTest
  @EnumSource
  void noAnswerIsOlderThanOneOfReaderThatSharedTheLease(EntryFormat format) throws Exception {
    TableSpec spec = spec(format);
    try (RelayGate earlierFill = ScriptHolds.gate(Scripts.reconcile(format), ID);
        RelayGate laterFill = ScriptHolds.gate(Scripts.reconcile(format), ID);
        Relay toEarlier = Relay.to(stack.redis().port(), earlierFill, Hold.NONE);
        Relay toLater = Relay.to(stack.redis().port(), laterFill, Hold.NONE);
        Users hbaseOnly = Users.open(servers, options(1), spec).created();
        Users earlier = Users.open(servers, options(toEarlier.port()), spec);
        Users later = Users.open(servers, options(toLater.port()), spec)) {
      hbaseOnly.write(Users.user(ID, "NL", 1, 1));
      CompletableFuture<Put> old = read(earlier);
      earlierFill.awaitHeld();
      hbaseOnly.write(Users.user(ID, "BE", 2, 2));
      CompletableFuture<Put> first = read(later);
      laterFill.awaitHeld();
      assertNoneGoesBack(earlier, earlierFill, old, later, laterFill, first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noAnswerIsOlderThanOneOfReaderThatLostItsLease(EntryFormat format) throws Exception {
    TableSpec spec = spec(format);
    try (RelayGate earlierFill = ScriptHolds.gate(Scripts.reconcile(format), ID);
        RelayGate laterFill = ScriptHolds.gate(Scripts.reconcile(format), ID);
        RelayGate laterLease = ScriptHolds.gateForExactly(LEASED);
        Relay toEarlier = Relay.to(stack.redis().port(), earlierFill, Hold.NONE);
        Relay toLater = Relay.to(stack.redis().port(), laterFill, laterLease);
        Users hbaseOnly = Users.open(servers, options(1), spec).created();
        Users writer = Users.open(servers, options(stack.redis().port()), spec);
        Users earlier = Users.open(servers, options(toEarlier.port()), spec);
        Users later = Users.open(servers, options(toLater.port()), spec)) {
      CompletableFuture<Put> first = read(later);
      laterLease.awaitHeld();
      writer.write(Users.user(ID, "NL", 1, 1));
      CompletableFuture<Put> old = read(earlier);
      earlierFill.awaitHeld();
      hbaseOnly.write(Users.user(ID, "BE", 2, 2));
      laterLease.open();
      laterFill.awaitHeld();
      assertNoneGoesBack(earlier, earlierFill, old, later, laterFill, first);
    }
  }

  /** Both readers have their answers from HBase, and both fills are held. */
  private static void assertNoneGoesBack(
      Users earlier,
      RelayGate earlierFill,
      CompletableFuture<Put> old,
      Users later,
      RelayGate laterFill,
      CompletableFuture<Put> first) {
    Put newest = Users.user(ID, "BE", 2, 2);
    earlierFill.open();
    assertThat(Users.await(old)).isEqualTo(Users.user(ID, "NL", 1, 1));
    HBaseShell.await("the older row is in Redis", () -> earlier.count("fill") == 1);
    // An answer that did not wait for its fill would be complete by the time of another answer of
    // HBase.
    later.get("other");
    if (first.isDone()) {
      assertThat(Users.await(first)).isEqualTo(newest);
      assertThat(later.get(ID)).as("the answer after that of %s", newest).isEqualTo(newest);
    }
    laterFill.open();
    assertThat(Users.await(first)).isEqualTo(newest);
    long hits = later.count("redis.hit");
    assertThat(later.get(ID)).isEqualTo(newest);
    assertThat(later.count("redis.hit") - hits).as("from Redis").isEqualTo(1);
    assertThat(earlier.get(ID)).isEqualTo(newest);
  }

  private static CompletableFuture<Put> read(Users users) {
    return users
        .table()
        .get(List.of(Key.of(ID)), users.spec().all())
        .toCompletableFuture()
        .thenApply(found -> found.get(0));
  }

  private static TableSpec spec(EntryFormat format) {
    TableSpec users = Users.spec("users_" + Users.unique());
    return new TableSpec(
        users.name(), users.columns(), users.keyColumns(), Map.of("redis.format", format.name()));
  }

  /** Options with long timeouts, and without a periodic repair of the writer's pending writes. */
  private static Map<String, String> options(int port) {
    Map<String, String> options = new HashMap<>();
    options.put("redis.port", Integer.toString(port));
    options.put("redis.timeout", "100 s");
    options.put("deadline", "200 s");
    options.put("lease", "10 min");
    options.put("repair-interval", "1 h");
    return options;
  }
}
