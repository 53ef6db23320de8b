package io.dimstore.stack;

import java.nio.file.Path;

/**
 * One server's place: what stays the same when it is started again.
 *
 * @param server which
 * @param home the project's root
 * @param folder its data, its log and the file that says that it is ready
 * @param port where clients connect
 * @param secondPort for servers that talk to themselves
 */
record Launch(Server server, Path home, Path folder, int port, int secondPort) {

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
