// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import io.dimstore.stack.server.StackException;
import java.util.List;

/**
 * Two brokers of Kafka, of which the second may be killed: the first one is the controller of both.
 * Thread-safe.
 */
public final class KafkaPair implements AutoCloseable {

  private final ServerGroup group;
  private final List<KafkaEndpoint> brokers;
  private final GroupProcess second;

  private KafkaPair(ServerGroup group, List<KafkaEndpoint> brokers, GroupProcess second) {
    this.group = group;
    this.brokers = brokers;
    this.second = second;
  }

  /**
   * Starts both and waits until they serve.
   *
   * @throws StackException when one does not start
   */
  public static KafkaPair start() {
    ServerGroup group = ServerGroup.create();
    try {
      int controller = group.freePort();
      List<KafkaEndpoint> brokers =
          List.of(new KafkaEndpoint(group.freePort()), new KafkaEndpoint(group.freePort()));
      GroupProcess first = start(group, brokers, controller, 1);
      GroupProcess second = start(group, brokers, controller, 2);
      first.await(first.folder().resolve("ready"));
      second.await(second.folder().resolve("ready"));
      return new KafkaPair(group, brokers, second);
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  private static GroupProcess start(
      ServerGroup group, List<KafkaEndpoint> brokers, int controller, int node) {
    String name = "kafka-" + node;
    return group.java(
        "kafka",
        name,
        List.of(
            group.folder().resolve(name).toString(),
            Integer.toString(brokers.get(node - 1).port()),
            Integer.toString(controller),
            Integer.toString(node)));
  }

  /** Returns the bootstrap servers, with both brokers. */
  public String bootstrapServers() {
    return brokers.get(0).bootstrapServers() + "," + brokers.get(1).bootstrapServers();
  }

  /**
   * Returns the ids of the brokers of a partition that the second broker leads until it is killed.
   */
  public static List<Integer> ledBySecond() {
    return List.of(2, 1);
  }

  /** Kills the second broker, as a crash would. */
  public void killSecond() {
    second.kill();
  }

  /** Ends the processes. Calling it again changes nothing. */
  @Override
  public void close() {
    group.close();
  }
}
