package io.dimstore.stack;

import java.nio.file.Path;
import java.util.List;

/**
 * One server's place: what stays the same when it is started again.
 *
 * @param server which
 * @param home the project's root
 * @param folder its data, its log and the file that says that it is ready
 * @param port where clients connect
 * @param innerPorts where the parts of the server find each other, {@link #innerPortsOf} in number
 * @param regionServers of an HBase on HDFS; else 0
 */
record Launch(
    Server server, Path home, Path folder, int port, List<Integer> innerPorts, int regionServers) {

  Launch {
    innerPorts = List.copyOf(innerPorts);
  }

  /**
   * HBase has a master and a region server, or a NameNode, behind its ZooKeeper, Kafka a
   * controller.
   */
  static int innerPortsOf(Server server) {
    return switch (server) {
      case HBASE -> 2;
      case KAFKA -> 1;
      case DYNAMODB, REDIS -> 0;
    };
  }

  Path log() {
    return folder.resolve("server.log");
  }

  /** Made by our own server mains when they serve. */
  Path readyFile() {
    return folder.resolve("ready");
  }

  Endpoint endpoint() {
    return endpoint(server, port);
  }

  static Endpoint endpoint(Server server, int port) {
    return switch (server) {
      case HBASE -> new HBaseEndpoint(port);
      case KAFKA -> new KafkaEndpoint(port);
      case DYNAMODB -> new DynamoDbEndpoint(port);
      case REDIS -> new RedisEndpoint(port);
    };
  }
}
