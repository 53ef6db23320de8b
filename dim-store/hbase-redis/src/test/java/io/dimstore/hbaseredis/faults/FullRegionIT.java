// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A region whose memstore has no room for writes. */
class FullRegionIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @Test
  void writesFailThrottledAndOtherCallsSucceedUntilTheRegionHasRoom() throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    // The last retry is 0.55 s after the first attempt; HBaseSettingsTest checks the default.
    String retries = "hbase.client.retries.number";
    try (FaultTrial trial = new FaultTrial(servers, Map.of(retries, "4"));
        Users checked =
            Users.open(
                servers, Map.of("checked-writes", "true", retries, "2"), trial.users().spec())) {
      String table = trial.users().spec().name();
      trial.run(
          () -> {
            setRoom(table, false);
            Failing.with(
                checked.table().write(List.of(Users.user("row", "BE", 1, 1L << 40))),
                Kind.THROTTLED,
                "RegionTooBusyException",
                "Over memstore limit");
          },
          () -> setRoom(table, true),
          (operation, failure) ->
              assertThat(failure)
                  .as("%s", operation)
                  .isEqualTo(operation == FaultOperation.WRITE ? Kind.THROTTLED : null));
    }
  }

  /** A negative limit, which HBase takes without its sanity checks: every region is over it. */
  private static void setRoom(String table, boolean room) throws IOException {
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      admin.modifyTable(
          TableDescriptorBuilder.newBuilder(admin.getDescriptor(TableName.valueOf(table)))
              .setValue("hbase.table.sanity.checks", "false")
              .setValue("hbase.hregion.memstore.block.multiplier", room ? "4" : "-1")
              .build());
    }
  }
}
