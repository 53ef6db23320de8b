// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the cluster, in the file {@code config.yaml} that Flink's processes read. */
final class ClusterConfiguration {

  private static final String LOOPBACK = "127.0.0.1";

  private ClusterConfiguration() {}

  /** Writes the file and returns its folder. */
  static Path write(Path folder, int restPort, int jobManagerPort) throws IOException {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    StringBuilder text = new StringBuilder();
    settings(folder, restPort, jobManagerPort)
        .forEach((name, value) -> text.append(name).append(": '").append(value).append("'\n"));
    Files.writeString(conf.resolve("config.yaml"), text);
    return conf;
  }

  private static Map<String, String> settings(Path folder, int restPort, int jobManagerPort) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("rest.address", LOOPBACK);
    settings.put("rest.bind-address", LOOPBACK);
    settings.put("rest.port", Integer.toString(restPort));
    settings.put("rest.bind-port", Integer.toString(restPort));
    settings.put("jobmanager.rpc.address", LOOPBACK);
    settings.put("jobmanager.rpc.port", Integer.toString(jobManagerPort));
    settings.put("jobmanager.bind-host", LOOPBACK);
    settings.put("taskmanager.host", LOOPBACK);
    settings.put("taskmanager.bind-host", LOOPBACK);
    settings.put("web.log.path", folder.resolve("server.log").toString());
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
