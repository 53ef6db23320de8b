// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * Runs a broker that is its own controller, bound to loopback.
 *
 * <p>Arguments: the folder for all data, the broker's port and the controller's port. With two
 * more, a port and a host, the broker also listens at that port of 127.0.0.1, and tells the clients
 * that come there to reach it at the same port of that host, where a relay is. With one more, a
 * node id, it is one of two brokers: 1 is the controller of both, and 2 uses it. The file {@code
 * ready} appears in the folder once the broker serves clients. The process ends by being killed.
 */
public final class KafkaServerMain {

  private static final String CLUSTER_ID = "ZGltc3RvcmUtbG9jYWwtMQ";

  private KafkaServerMain() {}

  /** Formats the storage if needed and serves requests. Exits with 1 if that fails. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      Properties properties =
          properties(folder, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      if (args.length == 4) {
        joinPair(properties, args[3], args[1]);
      } else if (args.length > 4) {
        relay(properties, args[3], args[4]);
      }
      run(folder, properties);
    } catch (Exception e) {
      System.err.println("Kafka did not start: " + e);
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(Path folder, Properties properties) throws IOException {
    Path file = folder.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    String[] format = {
      "format", "--cluster-id", CLUSTER_ID, "--config", file.toString(), "--ignore-formatted"
    };
    if (StorageTool.execute(format, System.err) != 0) {
      throw new IOException("the storage could not be formatted");
    }
    KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    server.startup();
    Files.createFile(folder.resolve("ready"));
    server.awaitShutdown();
    throw new IOException("the broker has ended");
  }

  private static void relay(Properties p, String port, String host) {
    String listeners = p.getProperty("listeners");
    p.setProperty("listeners", listeners + ",RELAYED://127.0.0.1:" + port);
    String advertised = p.getProperty("advertised.listeners");
    p.setProperty("advertised.listeners", advertised + ",RELAYED://" + host + ":" + port);
    p.setProperty("inter.broker.listener.name", "PLAINTEXT");
    p.setProperty(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,RELAYED:PLAINTEXT");
  }

  /** Makes the broker one of two, of which one may fail. */
  private static void joinPair(Properties p, String node, String port) {
    if (!node.equals("1")) {
      p.setProperty("process.roles", "broker");
      p.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port);
    }
    p.setProperty("node.id", node);
    p.setProperty("offsets.topic.replication.factor", "2");
    p.setProperty("transaction.state.log.replication.factor", "2");
    // The controller misses a broker that was killed soon.
    p.setProperty("broker.heartbeat.interval.ms", "500");
    p.setProperty("broker.session.timeout.ms", "2000");
  }

  private static Properties properties(Path folder, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.setProperty("controller.listener.names", "CONTROLLER");
    String broker = "PLAINTEXT://127.0.0.1:" + port;
    p.setProperty("listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.setProperty("advertised.listeners", broker);
    p.setProperty("log.dirs", folder.resolve("data").toString());

    p.setProperty("auto.create.topics.enable", "true");
    p.setProperty("num.partitions", "1");
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("transaction.state.log.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("message.max.bytes", Integer.toString(4 * 1024 * 1024));
    // Events carry the times of their source, which may be years ago. Records must therefore not
    // expire by age or size.
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("log.retention.bytes", "-1");

    // Buffers and threads are sized for the clients of one machine and a small heap.
    p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");
    return p;
  }
}
