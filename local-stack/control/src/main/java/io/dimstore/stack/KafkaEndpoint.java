package io.dimstore.stack;

import java.util.Map;

/**
 * Where Kafka is reached.
 *
 * @param port the broker's port
 */
public record KafkaEndpoint(int port) implements Endpoint {

  @Override
  public Server server() {
    return Server.KAFKA;
  }

  @Override
  public String address() {
    return bootstrapServers();
  }

  /** The value of a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
  }
}
