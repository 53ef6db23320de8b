// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One process at a time reconciles a table, whatever happens to that process. */
class ReconcilerLeaseIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static final long LONG = Duration.ofSeconds(50).toNanos();

  private Users users;
  private HBaseClient client;

  @BeforeEach
  void open() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("repair-interval", "1 h", "deadline", "8 s")).created();
    client =
        new HBaseClient(
            StoreConfig.parse(
                "store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, servers.options()));
  }

  @AfterEach
  void close() {
    client.close();
    users.close();
  }

  private ReconcilerLease process() {
    return intents().lease(users.spec().name());
  }

  private WriteIntents intents() {
    return new WriteIntents(
        client,
        new Meter(StoreMetrics.NONE),
        Retries.TIMER,
        TableName.valueOf("dimstore_intents"),
        Duration.ofMillis(-1));
  }

  @Test
  void oneProcessAtATimeHoldsTheLease() {
    ReconcilerLease one = process();
    ReconcilerLease other = process();
    assertThat(Users.await(one.acquire(0))).isTrue();
    assertThat(Users.await(other.acquire(0))).isFalse();
    Users.await(one.renew());
    CompletableFuture<Boolean> waiting = other.acquire(LONG);
    Users.await(one.release());
    assertThat(Users.await(waiting)).isTrue();
    assertThat(Users.await(one.acquire(0))).isFalse();
  }

  /** Other processes cannot tell whether the holder died. If it resumes, it notices the loss. */
  @Test
  void pausedHolderLosesTheLeaseAndNotices() {
    ReconcilerLease still = process();
    ReconcilerLease other = process();
    assertThat(Users.await(still.acquire(0))).isTrue();
    assertThat(Users.await(other.acquire(LONG))).isTrue();
    Failing.with(still.renew(), Kind.UNAVAILABLE, "Another process");
    Users.await(still.release());
    Users.await(other.renew());
  }

  /** A holder that renews its lease keeps it, however long its pass takes. */
  @Test
  void activeHolderKeepsTheLease() {
    ReconcilerLease busy = process();
    ReconcilerLease other = process();
    assertThat(Users.await(busy.acquire(0))).isTrue();
    CompletableFuture<Boolean> waiting =
        other.acquire(ReconcilerLease.TERM.plusSeconds(1).toNanos());
    while (!waiting.isDone()) {
      Users.await(busy.renew());
    }
    assertThat(Users.await(waiting)).isFalse();
  }

  @Test
  void repairLeavesTableToHolderAndReportsRemainingWork() {
    Users.await(intents().create(users.spec().name(), List.of(Utf8.encode("a"))));
    ReconcilerLease other = process();
    assertThat(Users.await(other.acquire(0))).isTrue();
    assertThat(users.repair()).isEqualTo(new Maintenance.Repair(0, 0, true));
    assertThat(users.count("reconcile.busy")).isEqualTo(1);
    Users.await(other.release());
    assertThat(users.repair()).isEqualTo(new Maintenance.Repair(1, 0, false));
  }
}
