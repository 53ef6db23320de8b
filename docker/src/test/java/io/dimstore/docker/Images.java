// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import com.redis.testcontainers.RedisContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Creates containers of the images in this folder. They are reached through published ports. */
final class Images {

  static final int ZOOKEEPER_PORT = 2181;
  static final int DYNAMODB_PORT = 8000;

  private Images() {}

  static KafkaContainer kafka() {
    return new KafkaContainer(built("dimstore/kafka").asCompatibleSubstituteFor("apache/kafka"))
        // Generated events have timestamps of years ago.
        .withEnv("KAFKA_LOG_RETENTION_MS", "-1");
  }

  static RedisContainer redis() {
    return new RedisContainer(built("dimstore/redis").asCompatibleSubstituteFor("redis"));
  }

  /**
   * HBase advertises the addresses of its master and region server to its clients. So both must be
   * reachable at the same address from inside the container and from this machine: localhost, and
   * ports that are free here.
   */
  static GenericContainer<?> hbase() {
    String master = freePort();
    String regionServer = freePort();
    GenericContainer<?> hbase =
        new GenericContainer<>(built("dimstore/hbase"))
            .withExposedPorts(ZOOKEEPER_PORT)
            .withCommand(
                "start",
                "-Dhbase.master.hostname=localhost",
                "-Dhbase.unsafe.regionserver.hostname=localhost",
                "-Dhbase.zookeeper.quorum=localhost",
                "-Dhbase.master.port=" + master,
                "-Dhbase.regionserver.port=" + regionServer)
            .waitingFor(
                Wait.forSuccessfulCommand(
                    "grep -q 'Master has completed initialization' /data/master.log"));
    hbase.setPortBindings(List.of(master + ":" + master, regionServer + ":" + regionServer));
    return hbase;
  }

  static GenericContainer<?> dynamoDb() {
    return new GenericContainer<>(built("dimstore/dynamodb"))
        .withExposedPorts(DYNAMODB_PORT)
        .waitingFor(Wait.forHttp("/").forPort(DYNAMODB_PORT).forStatusCodeMatching(any -> true));
  }

  /**
   * Requires that the images were built here. Without this policy, Docker would search a registry
   * for a missing image, and no registry has them.
   */
  private static DockerImageName built(String name) {
    try {
      DockerClientFactory.instance().client().inspectImageCmd(name).exec();
    } catch (NotFoundException e) {
      throw new IllegalStateException("There is no image " + name + ": run docker/build first.", e);
    }
    return DockerImageName.parse(name);
  }

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
