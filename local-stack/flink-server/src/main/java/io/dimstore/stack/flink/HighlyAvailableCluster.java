// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.jspecify.annotations.Nullable;

/**
 * A session cluster whose jobs survive the end of the leading JobManager. ZooKeeper, the
 * JobManagers and the TaskManagers are child processes.
 */
final class HighlyAvailableCluster {

  /** How long a client waits for a leader, shorter than clients wait for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final List<String> JOB_MANAGER_MEMORY =
      List.of("-Xmx384m", "-XX:MaxMetaspaceSize=256m");

  private final ChildProcesses children;

  /** The ports of the REST interfaces by the names of the JobManagers. */
  private final Map<String, Integer> restPorts;

  private HighlyAvailableCluster(ChildProcesses children, Map<String, Integer> restPorts) {
    this.children = children;
    this.restPorts = restPorts;
  }

  /**
   * Starts the cluster, and runs until this process is killed.
   *
   * @param port the port of clients, which the leading JobManager answers
   * @param restPorts the ports of the REST interfaces of the JobManagers
   */
  static void run(Path folder, int port, int zooKeeperPort, int[] restPorts, int taskManagers)
      throws Exception {
    Map<String, String> settings = ClusterConfiguration.highlyAvailable(folder, zooKeeperPort);
    Path conf = ClusterConfiguration.write(folder, settings);
    ChildProcesses children = new ChildProcesses(folder);
    Map<String, Integer> jobManagers = new TreeMap<>();
    children.start(ZooKeeperMain.program(folder, zooKeeperPort));
    for (int i = 0; i < restPorts.length; i++) {
      String name = "jobmanager-" + (i + 1);
      jobManagers.put(name, restPorts[i]);
      children.start(jobManager(name, restPorts[i], folder, conf));
    }
    for (int i = 1; i <= taskManagers; i++) {
      children.start(TaskManagers.program(i, folder, conf));
    }
    HighlyAvailableCluster cluster = new HighlyAvailableCluster(children, jobManagers);
    LeaderForwarder.start(port, cluster::leaderPort, PATIENCE);
    cluster.followLeader(Configuration.fromMap(settings));
    for (int restPort : restPorts) {
      // A JobManager that stands by reports what the leader knows.
      new ClusterOverview(restPort).awaitTaskManagers(taskManagers);
    }
    children.serve();
    Files.createFile(folder.resolve("ready"));
    new CountDownLatch(1).await();
  }

  private static ChildProgram jobManager(String name, int restPort, Path folder, Path conf) {
    Map<String, String> own = new TreeMap<>(ClusterConfiguration.ofRest(restPort));
    own.put("web.log.path", ChildProgram.log(folder, name).toString());
    List<String> arguments = new ArrayList<>(List.of("--configDir", conf.toString()));
    own.forEach((setting, value) -> arguments.addAll(List.of("-D", setting + "=" + value)));
    return new ChildProgram(
        name,
        Optional.of("http://" + ClusterConfiguration.LOOPBACK + ":" + restPort),
        JobManagerMain.class,
        JOB_MANAGER_MEMORY,
        arguments);
  }

  private Optional<Integer> leaderPort() {
    return children.leader().map(restPorts::get);
  }

  /** Follows what ZooKeeper has of the leader. The connection stays open. */
  private void followLeader(Configuration settings) throws Exception {
    ClientHighAvailabilityServices services =
        HighAvailabilityServicesUtils.createClientHAService(settings, FlinkServerMain::end);
    services
        .getClusterRestEndpointLeaderRetriever()
        .start(
            new LeaderRetrievalListener() {
              @Override
              public void notifyLeaderAddress(@Nullable String address, @Nullable UUID session) {
                lead(address);
              }

              @Override
              public void handleError(Exception e) {
                FlinkServerMain.end(e);
              }
            });
  }

  private void lead(@Nullable String address) {
    try {
      children.lead(address == null ? null : name(URI.create(address).getPort()));
    } catch (IOException e) {
      FlinkServerMain.end(e);
    }
  }

  private @Nullable String name(int port) {
    return restPorts.entrySet().stream()
        .filter(jobManager -> jobManager.getValue() == port)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
