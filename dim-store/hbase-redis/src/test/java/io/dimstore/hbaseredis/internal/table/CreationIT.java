// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The creation of a table that does not become available. */
class CreationIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  /** A disabled table exists and never becomes available. */
  @Test
  void creationEndsWithItsDeadline() throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    String name = "off_" + Users.unique();
    StoreConfig config =
        StoreConfig.parse(
            "store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, servers.options());
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin();
        Users withIntentsTable = Users.open(servers, Map.of()).created();
        HBaseClient client = new HBaseClient(config)) {
      shell.create(name, "f", "s");
      admin.disableTable(TableName.valueOf(name));
      TableAdmin creator =
          new TableAdmin(
              client,
              new Meter(StoreMetrics.NONE),
              Retries.TIMER,
              TableName.valueOf("dimstore_intents"));
      // This future completes when the work itself ends, not when the caller gets its answer.
      CompletableFuture<Void> work =
          creator.createIfAbsent(
              new Layout(Users.spec(name)), Deadline.after(Duration.ofSeconds(1)));
      assertThatThrownBy(() -> work.orTimeout(30, TimeUnit.SECONDS).join())
          .satisfies(
              failure -> {
                StoreException known = StoreException.find(failure);
                assertThat(known).as("%s", failure).isNotNull();
                assertThat(known.kind()).isEqualTo(Kind.TIMEOUT);
                assertThat(known).hasMessageContaining(name);
              });
    }
  }
}
