// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Callers;
import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.stack.relay.RelayedHBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation during network faults between the store and HBase, idle and under load. */
class HBaseRelayFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static RelayedHBase hbase;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    hbase = RelayedHBase.start();
    servers = new HBaseRedisHarness(hbase.endpoint(), stack.redis());
  }

  @AfterAll
  static void stop() {
    hbase.close();
  }

  /**
   * Cuts connections: the servers keep half-open connections to each other, which would disturb the
   * next test.
   */
  @AfterEach
  void cut() {
    hbase.relay().cut();
    hbase.masterRelay().cut();
  }

  private static Map<String, String> options(RelayFault fault) {
    return Map.of("deadline", fault == RelayFault.SLOW ? "30 s" : "2 s", "redis.timeout", "20 s");
  }

  @ParameterizedTest
  @EnumSource
  void eachOperationEndsInTimeAndSucceedsAfterTheFault(RelayFault fault) throws Exception {
    try (FaultTrial trial = new FaultTrial(servers, options(fault))) {
      trial.run(
          () -> fault.begin(hbase.relay()),
          () -> fault.end(hbase.relay()),
          (operation, failure) -> check(fault, operation, failure));
    }
  }

  /** Asserts that the operation succeeds, or fails with a kind that can be retried. */
  private static void check(RelayFault fault, FaultOperation operation, @Nullable Kind failure) {
    if (fault == RelayFault.SLOW) {
      assertThat(failure).as("%s while slow", operation).isNull();
    } else if (fault.stopsAll()) {
      assertThat(failure).as("%s while %s", operation, fault).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
    } else if (failure != null) {
      assertThat(failure.isRetryable()).as("%s: %s", operation, failure).isTrue();
    }
  }

  /** A store needs ZooKeeper and the master only when it is opened and when regions have moved. */
  @ParameterizedTest
  @EnumSource
  void storeInUseContinuesWithoutZooKeeperAndMasterAndANewStoreWaitsForThem(RelayFault fault)
      throws Exception {
    try (Relay zooKeeper = Relay.to(hbase.endpoint().port())) {
      HBaseRedisHarness relayed =
          new HBaseRedisHarness(new HBaseEndpoint(zooKeeper.port()), stack.redis());
      try (FaultTrial trial = new FaultTrial(relayed, Map.of("redis.timeout", "20 s"));
          Users late = Users.open(relayed, options(fault), trial.users().spec())) {
        trial.run(
            () -> {
              fault.begin(zooKeeper);
              fault.begin(hbase.masterRelay());
              check(fault, FaultOperation.GET, firstGet(late));
            },
            () -> {
              fault.end(zooKeeper);
              fault.end(hbase.masterRelay());
              HBaseShell.await("the new store answers", () -> firstGet(late) == null);
            },
            (operation, failure) -> assertThat(failure).as("%s", operation).isNull());
      }
    }
  }

  private static @Nullable Kind firstGet(Users late) {
    return FaultOperation.failureOf(late.table().get(List.of(Key.of("cold")), late.spec().all()));
  }

  /**
   * Earlier slow reads of HBase, for example while it was cold, must not keep a slow Redis in use.
   */
  @Test
  void lookupsBypassSlowRedisAlsoWhenHBaseWasSlowerBefore() {
    try (Relay redis = Relay.to(stack.redis().port());
        Users users =
            Users.open(
                    servers,
                    Map.of(
                        "redis.port", Integer.toString(redis.port()),
                        "redis.slow-after", "50 ms",
                        "redis.timeout", "10 s"))
                .created()) {
      users.write(Users.user("row", "NL", 1, 1));
      users.warm("row");
      hbase.relay().delay(Direction.ANSWERS, Duration.ofSeconds(1));
      IntStream.range(0, 30)
          .mapToObj(i -> users.table().get(List.of(Key.of("cold" + i)), users.spec().all()))
          .toList()
          .forEach(Users::await);
      hbase.relay().heal();
      redis.delay(Direction.ANSWERS, Duration.ofMillis(400));
      try (Callers callers = Callers.start(50, users, List.of("row"))) {
        HBaseShell.await("Redis out of use", () -> users.gauge("breaker.state") != 0);
        callers.await(500);
        assertThat(callers.failures()).isEmpty();
      }
    }
  }
}
