// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;

/** The peer that carries the changes of other programs from HBase to the new store. */
final class ReplicationPeer {

  private static final String ID = "dimstore";
  private static final String ENDPOINT = "io.dimstore.migration.hbase.DimstoreReplicationEndpoint";

  private final Connection connection;
  private final TableSpec table;
  private final String columns;

  /**
   * Creates the peer of a table.
   *
   * @param columns the columns as in SQL
   */
  ReplicationPeer(Connection connection, TableSpec table, String columns) {
    this.connection = connection;
    this.table = table;
    this.columns = columns;
  }

  /** Makes HBase write the table's changes for peers, and adds the peer. */
  void add(Map<String, String> target) throws IOException {
    TableName name = TableName.valueOf(table.name());
    Map<String, String> settings = new HashMap<>();
    settings.put("dimstore.store", "dynamodb");
    target.forEach((option, value) -> settings.put("dimstore.store." + option, value));
    settings.put("dimstore.table." + table.name() + ".columns", columns);
    settings.put("dimstore.table." + table.name() + ".key", String.join(",", table.keyColumns()));
    try (Admin admin = connection.getAdmin()) {
      TableDescriptor present = admin.getDescriptor(name);
      TableDescriptorBuilder changed = TableDescriptorBuilder.newBuilder(present);
      for (ColumnFamilyDescriptor family : present.getColumnFamilies()) {
        changed.modifyColumnFamily(
            ColumnFamilyDescriptorBuilder.newBuilder(family).setScope(1).build());
      }
      admin.modifyTable(changed.build());
      admin.addReplicationPeer(
          ID,
          ReplicationPeerConfig.newBuilder()
              .setReplicationEndpointImpl(ENDPOINT)
              .putAllConfiguration(settings)
              .setReplicateAllUserTables(false)
              .setTableCFsMap(Map.of(name, List.of()))
              .build());
    }
  }

  /** Sets whether a row whose version fell is written above the version in the target. */
  void raiseVersions(boolean raise) throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.updateReplicationPeerConfig(
          ID,
          ReplicationPeerConfig.newBuilder(admin.getReplicationPeerConfig(ID))
              .putConfiguration("dimstore.raise-versions", Boolean.toString(raise))
              .build());
    }
  }

  /** Removes the peer. */
  void remove() throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.removeReplicationPeer(ID);
    }
  }
}
