package io.dimstore.stack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A kind of server of the local stack. */
public enum Server {
  /** HBase with its ZooKeeper, in one process. */
  HBASE,
  /** A Kafka broker that is its own controller. */
  KAFKA,
  /** DynamoDB Local, in memory. */
  DYNAMODB,
  /** Redis without persistence. */
  REDIS;

  /** The name in commands, messages and folders: the constant's own, in lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The server with this {@link #id()}, in any case. */
  public static Optional<Server> of(String id) {
    return Arrays.stream(values()).filter(server -> server.name().equalsIgnoreCase(id)).findFirst();
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(Server::id).toList();
  }
}
