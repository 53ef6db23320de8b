// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

/**
 * Where Kafka's clients find it.
 *
 * @param port the broker's port
 */
public record KafkaEndpoint(int port) {

  /** Returns the same as {@link #bootstrapServers}. */
  public String address() {
    return bootstrapServers();
  }

  /** Returns the value for a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }
}
