// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.Durability;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.replication.ReplicationPeerDescription;

/**
 * Which replication peers carry the changes of an HBase table, for the check before a migration.
 *
 * @param table the table
 * @param localFamilies the families that HBase does not replicate: their {@code REPLICATION_SCOPE}
 *     is 0
 * @param durability the table's default; with {@code SKIP_WAL} changes are not in the log, and
 *     nothing carries them. A client can still choose that for a single change, which no setting
 *     shows
 * @param peers the peers that carry at least one family
 */
public record TableCoverage(
    TableName table, Set<String> localFamilies, Durability durability, List<Peer> peers) {

  /**
   * The class name of the endpoint. Outside of a region server the class itself cannot be loaded:
   * HBase's client lacks what it extends.
   */
  static final String ENDPOINT = "io.dimstore.migration.hbase.DimstoreReplicationEndpoint";

  /**
   * A peer that carries a table.
   *
   * @param id its id in HBase
   * @param endpoint the class name of its endpoint; empty for HBase's own
   * @param enabled whether it is enabled. A disabled peer keeps the log and carries it later
   * @param leftOut the families that the peer leaves out
   */
  public record Peer(String id, String endpoint, boolean enabled, Set<String> leftOut) {

    /** Copies the set. */
    public Peer {
      leftOut = Set.copyOf(leftOut);
    }

    /** Returns whether the peer carries changes to a store of dimstore. */
    public boolean isOurs() {
      return endpoint.equals(ENDPOINT);
    }
  }

  /** Copies the collections. */
  public TableCoverage {
    localFamilies = Set.copyOf(localFamilies);
    peers = List.copyOf(peers);
  }

  /**
   * Returns the coverage of tables, in their order.
   *
   * @throws IOException if HBase does not answer, a table does not exist, or the user may not read
   *     the settings
   */
  public static List<TableCoverage> of(Admin admin, Collection<TableName> tables)
      throws IOException {
    List<ReplicationPeerDescription> peers = admin.listReplicationPeers();
    List<TableCoverage> all = new ArrayList<>(tables.size());
    for (TableName table : tables) {
      all.add(of(admin.getDescriptor(table), peers));
    }
    return all;
  }

  static TableCoverage of(TableDescriptor table, List<ReplicationPeerDescription> peers) {
    Set<String> local = new TreeSet<>();
    for (ColumnFamilyDescriptor family : table.getColumnFamilies()) {
      if (family.getScope() == HConstants.REPLICATION_SCOPE_LOCAL) {
        local.add(family.getNameAsString());
      }
    }
    List<Peer> carrying = new ArrayList<>();
    for (ReplicationPeerDescription peer : peers) {
      if (peer.getPeerConfig().needToReplicate(table.getTableName())) {
        carrying.add(peer(peer, table));
      }
    }
    return new TableCoverage(table.getTableName(), local, table.getDurability(), carrying);
  }

  private static Peer peer(ReplicationPeerDescription peer, TableDescriptor table) {
    Set<String> leftOut = new TreeSet<>();
    for (ColumnFamilyDescriptor family : table.getColumnFamilies()) {
      if (!peer.getPeerConfig().needToReplicate(table.getTableName(), family.getName())) {
        leftOut.add(family.getNameAsString());
      }
    }
    String endpoint = peer.getPeerConfig().getReplicationEndpointImpl();
    return new Peer(peer.getPeerId(), endpoint == null ? "" : endpoint, peer.isEnabled(), leftOut);
  }

  /**
   * Returns whether every change of every family that the log has is carried to a store of dimstore
   * by one enabled peer.
   */
  public boolean isCovered() {
    return localFamilies.isEmpty()
        && durability != Durability.SKIP_WAL
        && peers.stream()
            .anyMatch(peer -> peer.isOurs() && peer.enabled() && peer.leftOut().isEmpty());
  }

  /** Returns the peers that carry changes to a store of dimstore. */
  List<Peer> ours() {
    return peers.stream().filter(Peer::isOurs).toList();
  }

  /** Returns which changes are not carried, as text; empty if {@link #isCovered}. */
  List<String> uncovered() {
    List<String> uncovered = new ArrayList<>();
    if (isCovered()) {
      return uncovered;
    }
    for (String family : new TreeSet<>(localFamilies)) {
      uncovered.add("family '" + family + "' of table " + table + " has REPLICATION_SCOPE 0");
    }
    if (durability == Durability.SKIP_WAL) {
      uncovered.add("table " + table + " has the durability SKIP_WAL");
    }
    for (Peer peer : ours()) {
      if (!peer.enabled()) {
        uncovered.add("peer '" + peer.id() + "' is disabled");
      }
      if (!peer.leftOut().isEmpty()) {
        uncovered.add("peer '" + peer.id() + "' leaves out " + new TreeSet<>(peer.leftOut()));
      }
    }
    if (ours().isEmpty()) {
      uncovered.add("no replication peer of dimstore carries table " + table);
    }
    return uncovered;
  }
}
