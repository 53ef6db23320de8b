// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.LocalStackExtension;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The options determine the timeouts of calls. */
class HBaseClientIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  @Test
  void callsHaveTheTimeoutsOfTheOptions() {
    Map<String, String> options = new HashMap<>();
    options.put("zookeeper.quorum", stack.hbase().address());
    options.put("hbase.client.operation.timeout", "5000");
    options.put("hbase.client.scanner.timeout.period", "4000");
    options.put("hbase.rpc.timeout", "3000");
    options.put("hbase.rpc.read.timeout", "2000");
    options.put("hbase.rpc.write.timeout", "1000");
    try (HBaseClient client = client(options)) {
      AsyncTable<?> table = Users.await(client.table(TableName.valueOf("any")));
      assertThat(table.getOperationTimeout(MILLISECONDS)).isEqualTo(5_000);
      assertThat(table.getScanTimeout(MILLISECONDS)).isEqualTo(4_000);
      assertThat(table.getRpcTimeout(MILLISECONDS)).isEqualTo(3_000);
      assertThat(table.getReadRpcTimeout(MILLISECONDS)).isEqualTo(2_000);
      assertThat(table.getWriteRpcTimeout(MILLISECONDS)).isEqualTo(1_000);
    }
  }

  @Test
  void timeoutsDefaultToPartsOfTheDeadline() {
    Map<String, String> options = new HashMap<>();
    options.put("zookeeper.quorum", stack.hbase().address());
    options.put("deadline", "20 s");
    try (HBaseClient client = client(options)) {
      AsyncTable<?> table = Users.await(client.table(TableName.valueOf("any")));
      assertThat(table.getOperationTimeout(MILLISECONDS)).isEqualTo(18_000);
      assertThat(table.getScanTimeout(MILLISECONDS)).isEqualTo(18_000);
      assertThat(table.getReadRpcTimeout(MILLISECONDS)).isEqualTo(6_000);
      assertThat(table.getWriteRpcTimeout(MILLISECONDS)).isEqualTo(6_000);
    }
  }

  private static HBaseClient client(Map<String, String> options) {
    return new HBaseClient(
        StoreConfig.parse(
            "store 'hbase-redis'", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options));
  }
}
