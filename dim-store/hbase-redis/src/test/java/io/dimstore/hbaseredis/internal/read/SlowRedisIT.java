// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Callers;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis answers, but later than HBase would. */
class SlowRedisIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static final int CALLERS = 300;
  private static final int QUEUED = 200;
  private static final List<String> IDS = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();

  private HBaseRedisHarness servers;
  private Relay relay;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    relay = Relay.to(stack.redis().port());
  }

  @AfterEach
  void close() {
    relay.close();
  }

  private Users users(Map<String, String> further) {
    Map<String, String> options = new HashMap<>(further);
    options.put("redis.port", Integer.toString(relay.port()));
    options.putIfAbsent("redis.slow-after", "50 ms");
    return Users.open(servers, options).created();
  }

  private static void warm(Users users) {
    IDS.forEach(id -> users.write(Users.user(id, "NL", 1, 1)));
    IDS.forEach(users::warm);
  }

  private static void awaitOpen(Users users) {
    HBaseShell.await("Redis out of use", () -> users.gauge("breaker.state") != 0);
  }

  private static void awaitHits(Users users, int more) {
    long end = users.count("redis.hit") + more;
    HBaseShell.await(more + " hits", () -> users.count("redis.hit") >= end);
  }

  /** Redis is far slower than HBase, or answers just below the timeout; neither is an error. */
  @ParameterizedTest
  @ValueSource(ints = {200, 900})
  void hbaseAnswersWhileRedisIsSlowAndTheQueueIsBounded(int millis) {
    // Without a limit, each call would wait behind 300 others, and fail.
    try (Users users =
        users(Map.of("max-pending", "600", "redis.max-queued", Integer.toString(QUEUED)))) {
      warm(users);
      try (Callers callers = Callers.start(CALLERS, users, IDS)) {
        callers.await(2 * CALLERS);
        HBaseShell.await("Redis in use", () -> users.gauge("breaker.state") == 0);
        relay.delay(Direction.ANSWERS, Duration.ofMillis(millis));
        awaitOpen(users);
        long fromHBase = users.count("hbase.hit");
        callers.await(10 * CALLERS);
        assertThat(users.count("hbase.hit")).isGreaterThan(fromHBase + 8 * CALLERS);
        assertThat(users.count("breaker.slow")).isPositive();
        relay.heal();
        HBaseShell.await("Redis in use", () -> users.gauge("breaker.state") == 0);
        awaitHits(users, CALLERS);
        assertThat(callers.failures()).isEmpty();
        assertThat(users.mostOfGauge("redis.queued")).isBetween(1L, (long) QUEUED + 8);
      }
    }
  }

  /** There are no answers that could count as slow, so waiting requests count instead. */
  @Test
  void aSilentRedisIsNoticedBeforeItsTimeoutIsOver() {
    try (Users users = users(Map.of("redis.timeout", "1 h", "deadline", "5 s"))) {
      warm(users);
      relay.freeze();
      IDS.forEach(id -> assertThat(users.get(id)).isEqualTo(Users.user(id, "NL", 1, 1)));
      assertThat(users.count("breaker.slow")).isEqualTo(1);
      assertThat(users.count("redis.late")).isZero();
    }
  }

  /** Readers in other processes may still use this Redis, and must not miss a write. */
  @Test
  void writesStillGoToSlowRedis() {
    try (Users users = users(Map.of("redis.timeout", "10 s"));
        Users others = Users.open(servers, Map.of(), users.spec())) {
      warm(users);
      try (Callers callers = Callers.start(50, users, IDS)) {
        relay.delay(Direction.ANSWERS, Duration.ofMillis(300));
        awaitOpen(users);
        users.write(Users.user("k7", "BE", 2, 2));
        assertThat(others.get("k7")).isEqualTo(Users.user("k7", "BE", 2, 2));
        assertThat(users.get("k7")).isEqualTo(Users.user("k7", "BE", 2, 2));
        assertThat(users.count("redis.pending")).isZero();
        assertThat(callers.failures()).isEmpty();
      }
    }
  }

  /** A write that takes too long is pending; Redis is read again when it has been reconciled. */
  @Test
  void writesThatSlowRedisMissesAreReconciledBeforeItIsReadAgain() {
    try (Users users = users(Map.of("redis.timeout", "400 ms"))) {
      warm(users);
      try (Callers callers = Callers.start(50, users, IDS)) {
        relay.delay(Direction.ANSWERS, Duration.ofMillis(500));
        awaitOpen(users);
        users.write(IDS.stream().map(id -> Users.user(id, "BE", 2, 2)).toArray(Put[]::new));
        assertThat(users.count("redis.pending")).isEqualTo(IDS.size());
        relay.heal();
        HBaseShell.await(
            "Redis in use",
            () -> {
              assertThat(users.get("k7")).isEqualTo(Users.user("k7", "BE", 2, 2));
              return users.gauge("breaker.state") == 0;
            });
        awaitHits(users, 200);
        IDS.forEach(id -> assertThat(users.get(id)).isEqualTo(Users.user(id, "BE", 2, 2)));
        assertThat(callers.failures()).isEmpty();
      }
      HBaseShell.await(
          "nothing pending",
          () -> {
            users.repair();
            return users.backlog().keys() == 0;
          });
    }
  }
}
