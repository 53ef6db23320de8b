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
 * <p>Arguments: the folder for all data, the broker's port and the controller's port. The file
 * {@code ready} appears in the folder once the broker serves clients. The process ends by being
 * killed.
 */
public final class KafkaServerMain {

  private static final String CLUSTER_ID = "ZGltc3RvcmUtbG9jYWwtMQ";

  private KafkaServerMain() {}

  /** Formats the storage where needed and serves; exits with 1 where that fails. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      run(folder, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    } catch (Exception e) {
      System.err.println("Kafka did not start: " + e);
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(Path folder, int port, int controllerPort) throws IOException {
    Properties properties = properties(folder, port, controllerPort);
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
    // Events carry the times of their source, which may be years ago: nothing goes by age or size.
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("log.retention.bytes", "-1");

    // Buffers and threads for one client machine and a small heap.
    p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");
    return p;
  }
}
