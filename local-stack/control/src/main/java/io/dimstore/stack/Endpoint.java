package io.dimstore.stack;

import java.util.Map;

/** Where one server of the stack is reached. */
public sealed interface Endpoint
    permits HBaseEndpoint, KafkaEndpoint, DynamoDbEndpoint, RedisEndpoint {

  /** The server that answers here. */
  Server server();

  /** The port that clients connect to first, on 127.0.0.1. */
  int port();

  /** The address in the form that this server's clients take. */
  String address();

  /**
   * What a client needs, as environment variables in a fixed order; the names are those that the
   * vendors' own tools read, where there are such.
   */
  Map<String, String> environment();
}
