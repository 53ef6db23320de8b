// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.ChangeCarriers;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Durability;
import org.junit.jupiter.api.Test;

class TableCoverageTest {

  private static final TableName TABLE = TableName.valueOf("dim_user");

  @Test
  void endpointIsFoundByItsName() {
    assertThat(TableCoverage.ENDPOINT).isEqualTo(DimstoreReplicationEndpoint.class.getName());
  }

  @Test
  void carriersAreFoundByTheStore() {
    assertThat(ChangeCarriers.of("hbase-redis")).containsInstanceOf(HBaseChangeCarriers.class);
    assertThat(ChangeCarriers.of("memory")).isEmpty();
  }

  @Test
  void coveredTableLacksNothing() {
    assertThat(coverage(Set.of(), Durability.USE_DEFAULT, peer(true, Set.of())).uncovered())
        .isEmpty();
  }

  @Test
  void whatIsNotCarriedIsNamed() {
    assertThat(coverage(Set.of("g"), Durability.SKIP_WAL, peer(false, Set.of("f"))).uncovered())
        .containsExactly(
            "family 'g' of table dim_user has REPLICATION_SCOPE 0",
            "table dim_user has the durability SKIP_WAL",
            "peer 'ours' is disabled",
            "peer 'ours' leaves out [f]");
    assertThat(
            coverage(
                    Set.of(),
                    Durability.USE_DEFAULT,
                    new TableCoverage.Peer("other", "", true, Set.of()))
                .uncovered())
        .containsExactly("no replication peer of dimstore carries table dim_user");
  }

  private static TableCoverage.Peer peer(boolean enabled, Set<String> leftOut) {
    return new TableCoverage.Peer("ours", TableCoverage.ENDPOINT, enabled, leftOut);
  }

  private static TableCoverage coverage(
      Set<String> local, Durability durability, TableCoverage.Peer peer) {
    return new TableCoverage(TABLE, local, durability, List.of(peer));
  }
}
