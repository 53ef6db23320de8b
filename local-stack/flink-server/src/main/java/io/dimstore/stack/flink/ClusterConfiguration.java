// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the cluster, in the file {@code config.yaml} that Flink's processes read. */
final class ClusterConfiguration {

  static final String LOOPBACK = "127.0.0.1";

  private static final int SESSION_TIMEOUT_MILLIS = 10_000;
  private static final int CONNECTION_TIMEOUT_MILLIS = 5_000;

  private ClusterConfiguration() {}

  /** Writes the file and returns its folder. */
  static Path write(Path folder, Map<String, String> settings) throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    StringBuilder text = new StringBuilder();
    settings.forEach((name, value) -> text.append(name).append(": '").append(value).append("'\n"));
    Files.writeString(conf.resolve("config.yaml"), text);
    return conf;
  }

  /** Returns the settings of a cluster with one JobManager. */
  static Map<String, String> ofOneJobManager(Path folder, int restPort, int jobManagerPort) {
    Map<String, String> settings = common(folder);
    settings.putAll(ofRest(restPort));
    settings.put("jobmanager.rpc.port", Integer.toString(jobManagerPort));
    settings.put("web.log.path", folder.resolve("server.log").toString());
    return settings;
  }

  /**
   * Returns the settings of a cluster that finds its leading JobManager in ZooKeeper. Each
   * JobManager has the settings of its REST interface besides.
   */
  static Map<String, String> highlyAvailable(Path folder, int zooKeeperPort) {
    Map<String, String> settings = common(folder);
    settings.put("high-availability.type", "zookeeper");
    settings.put("high-availability.zookeeper.quorum", LOOPBACK + ":" + zooKeeperPort);
    settings.put("high-availability.storageDir", uri(folder.resolve("high-availability")));
    // For so long ZooKeeper takes a JobManager that was killed for the leader. Milliseconds, as not
    // both versions of Flink know units here.
    settings.put(
        "high-availability.zookeeper.client.session-timeout",
        Integer.toString(SESSION_TIMEOUT_MILLIS));
    settings.put(
        "high-availability.zookeeper.client.connection-timeout",
        Integer.toString(CONNECTION_TIMEOUT_MILLIS));
    // While ZooKeeper is started again, the leader goes on.
    settings.put("high-availability.zookeeper.client.tolerate-suspended-connections", "true");
    return settings;
  }

  /** Returns the settings of the REST interface of a JobManager. */
  static Map<String, String> ofRest(int port) {
    return Map.of("rest.port", Integer.toString(port), "rest.bind-port", Integer.toString(port));
  }

  private static Map<String, String> common(Path folder) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("rest.address", LOOPBACK);
    settings.put("rest.bind-address", LOOPBACK);
    settings.put("jobmanager.rpc.address", LOOPBACK);
    settings.put("jobmanager.bind-host", LOOPBACK);
    settings.put("taskmanager.host", LOOPBACK);
    settings.put("taskmanager.bind-host", LOOPBACK);
    // A lost TaskManager is noticed within seconds. The timeout stays long: a busy machine may stop
    // a process for a while.
    settings.put("heartbeat.interval", "2 s");
    settings.put("restart-strategy.type", "exponential-delay");

    // This scheduler lets a running job change its parallelism.
    settings.put("jobmanager.scheduler", "adaptive");
    settings.put("jobmanager.adaptive-scheduler.resource-stabilization-timeout", "2 s");
    settings.put("jobmanager.adaptive-scheduler.scaling-interval.min", "1 s");

    settings.put("state.backend.type", "rocksdb");
    settings.put("execution.checkpointing.incremental", "true");
    settings.put("execution.checkpointing.dir", uri(folder.resolve("checkpoints")));
    settings.put("execution.checkpointing.savepoint-dir", uri(folder.resolve("savepoints")));
    settings.put(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");

    settings.put("taskmanager.numberOfTaskSlots", Integer.toString(TaskManagers.SLOTS));
    settings.putAll(TaskManagers.memory());
    return settings;
  }

  private static String uri(Path folder) {
    return folder.toUri().toString();
  }
}
