// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Checks that HBase gives a peer every change of the tables that it declares, and of no others. A
 * family that HBase does not replicate would be missed without a message.
 */
final class PeerTables {

  private PeerTables() {}

  /**
   * Checks the families of one declared table.
   *
   * @throws StoreException INVALID with the command of the HBase shell that corrects it
   */
  static void requireComplete(String peer, ReplicationPeerConfig config, ClusterTable table) {
    TableDescriptor descriptor = table.describe();
    for (String family : table.families(descriptor)) {
      byte[] name = Bytes.toBytes(family);
      if (!descriptor.hasColumnFamily(name)) {
        throw StoreException.invalid(
            "Table " + table.name() + " has no family '" + family + "', which its columns are in");
      }
      if (descriptor.getColumnFamily(name).getScope() == HConstants.REPLICATION_SCOPE_LOCAL) {
        throw StoreException.invalid(
            "Family '%s' of table %s is not replicated. In the HBase shell: alter '%s', {NAME => '%s', REPLICATION_SCOPE => 1}"
                .formatted(family, table.name(), table.name(), family));
      }
      if (!config.needToReplicate(table.name(), name)) {
        throw StoreException.invalid(
            "Peer '%s' leaves out family '%s' of table %s. In the HBase shell: append_peer_tableCFs '%s', {'%s' => []}"
                .formatted(peer, family, table.name(), peer, table.name()));
      }
    }
  }

  /**
   * Checks that all tables that the peer names are declared.
   *
   * @throws StoreException INVALID with the command of the HBase shell that corrects it
   */
  static void requireDeclared(String peer, ReplicationPeerConfig config, Set<TableName> declared) {
    Map<TableName, List<String>> named = config.getTableCFsMap();
    if (named == null || config.replicateAllUserTables()) {
      return;
    }
    for (TableName table : named.keySet()) {
      if (!declared.contains(table)) {
        throw StoreException.invalid(
            "Peer '%s' replicates table %s, which its configuration does not declare. Set 'dimstore.table.%s.columns' and '.key', or: remove_peer_tableCFs '%s', {'%s' => []}"
                .formatted(peer, table, table, peer, table));
      }
    }
  }
}
