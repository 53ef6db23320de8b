package io.dimstore.stack;

import java.util.Map;

/**
 * Where Redis is reached; it asks for no password.
 *
 * @param port the server's port
 */
public record RedisEndpoint(int port) implements Endpoint {

  @Override
  public Server server() {
    return Server.REDIS;
  }

  /** The host to connect to. */
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public String address() {
    return host() + ":" + port;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("REDIS_URL", "redis://" + address());
  }
}
