package io.dimstore.stack;

import java.util.Map;

/**
 * Where HBase is reached.
 *
 * @param port the client port of its ZooKeeper
 */
public record HBaseEndpoint(int port) implements Endpoint {

  /** The quorum's one host. */
  public static final String QUORUM = "localhost";

  @Override
  public Server server() {
    return Server.HBASE;
  }

  @Override
  public String address() {
    return QUORUM + ":" + port;
  }

  /** The settings that an HBase client's {@code Configuration} needs to find this server. */
  public Map<String, String> configuration() {
    return Map.of(
        "hbase.zookeeper.quorum",
        QUORUM,
        "hbase.zookeeper.property.clientPort",
        Integer.toString(port));
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("HBASE_ZOOKEEPER_QUORUM", address());
  }
}
