// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import io.dimstore.stack.KafkaEndpoint;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import io.dimstore.stack.server.StackException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A Kafka that is reached both directly and through a {@link Relay}. The broker tells the clients
 * that come through the relay to reach it at 127.0.0.2, where the relay is, at the same port as its
 * second listener on 127.0.0.1. All of 127.0.0.0/8 has to be loopback, as it is on Linux.
 * Thread-safe.
 */
public final class RelayedKafka implements AutoCloseable {

  private static final String LISTENS = "127.0.0.1";
  private static final String ADVERTISES = "127.0.0.2";

  private final ServerGroup group;
  private final Relay relay;
  private final KafkaEndpoint direct;

  private RelayedKafka(ServerGroup group, Relay relay, KafkaEndpoint direct) {
    this.group = group;
    this.relay = relay;
    this.direct = direct;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @throws StackException when it does not start
   */
  public static RelayedKafka start() {
    ServerGroup group = ServerGroup.create();
    try {
      int port = group.freePort();
      int relayed = group.freePort();
      Relay relay =
          Relay.between(
              new InetSocketAddress(ADVERTISES, relayed), new InetSocketAddress(LISTENS, relayed));
      RelayedKafka kafka = new RelayedKafka(group, relay, new KafkaEndpoint(port));
      try {
        GroupProcess process =
            group.java(
                "kafka",
                "kafka",
                List.of(
                    group.folder().resolve("kafka").toString(),
                    Integer.toString(port),
                    Integer.toString(group.freePort()),
                    Integer.toString(relayed),
                    ADVERTISES));
        process.await(process.folder().resolve("ready"));
        return kafka;
      } catch (RuntimeException e) {
        relay.close();
        throw e;
      }
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  /** Returns where it is reached directly, for what looks on. */
  public KafkaEndpoint direct() {
    return direct;
  }

  /** Returns the bootstrap servers whose clients stay behind the relay. */
  public String bootstrapServers() {
    return ADVERTISES + ":" + relay.port();
  }

  /** Returns the relay before the broker. */
  public Relay relay() {
    return relay;
  }

  /** Ends the process and the relay. Calling it again changes nothing. */
  @Override
  public void close() {
    relay.close();
    group.close();
  }
}
