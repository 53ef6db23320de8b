// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Row;

/**
 * Marks changes as coming from an origin. HBase keeps the marks in its write-ahead log as ids of
 * clusters that have the change already, and does not replicate a change to a peer whose id is
 * among them.
 */
public final class ReplicationOrigin {

  private final List<UUID> ids;

  ReplicationOrigin(String name) {
    this.ids = List.of(idOf(name));
  }

  /** Returns the id of an origin, which is the id of the peer that does not carry its changes. */
  public static UUID idOf(String name) {
    return UUID.nameUUIDFromBytes(
        ("dimstore replication origin " + name).getBytes(StandardCharsets.UTF_8));
  }

  void mark(Row action) {
    if (action instanceof Mutation mutation) {
      mutation.setClusterIds(ids);
    }
  }
}
