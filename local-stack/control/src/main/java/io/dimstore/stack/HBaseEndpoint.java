// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.util.Map;

/**
 * Where HBase's clients find it.
 *
 * @param port the client port of its ZooKeeper
 */
public record HBaseEndpoint(int port) {

  /** The only host of the ZooKeeper quorum. */
  public static final String QUORUM = "localhost";

  /** Returns the ZooKeeper quorum with its port. */
  public String address() {
    return QUORUM + ":" + port;
  }

  /**
   * Returns the settings that an HBase client's {@code Configuration} needs to find this server.
   */
  public Map<String, String> configuration() {
    return Map.of(
        "hbase.zookeeper.quorum",
        QUORUM,
        "hbase.zookeeper.property.clientPort",
        Integer.toString(port));
  }
}
