// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;

/**
 * Runs a session cluster on loopback. The JobManager is this process, and each TaskManager a
 * process of its own. With high availability, this process runs two JobManagers and ZooKeeper as
 * processes of their own too, and forwards the connections of its port to the JobManager that
 * leads. A child process that is killed is replaced.
 *
 * <p>Arguments: the folder for all data, the port of the REST interface, and three ports that the
 * cluster uses itself. {@link ChildProcesses} describes the file {@code processes} in the folder.
 * The file {@code ready} appears once each JobManager reports all TaskManagers. The process runs
 * until it is killed; the child processes then end too.
 */
public final class FlinkServerMain {

  /** The variable with the number of TaskManagers; 1 without it. */
  static final String TASK_MANAGERS = "DIMSTORE_FLINK_TASKMANAGERS";

  /** The variable that is {@code true} for high availability. */
  static final String HIGH_AVAILABILITY = "DIMSTORE_FLINK_HA";

  private FlinkServerMain() {}

  /** Starts the cluster and serves requests. Exits with 1 if that fails. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      int port = Integer.parseInt(args[1]);
      int taskManagers = Integer.parseInt(System.getenv().getOrDefault(TASK_MANAGERS, "1"));
      if (Boolean.parseBoolean(System.getenv(HIGH_AVAILABILITY))) {
        HighlyAvailableCluster.run(
            folder,
            port,
            Integer.parseInt(args[2]),
            new int[] {Integer.parseInt(args[3]), Integer.parseInt(args[4])},
            taskManagers);
      } else {
        runOneJobManager(folder, port, Integer.parseInt(args[2]), taskManagers);
      }
    } catch (Exception e) {
      end(e);
    }
  }

  private static void runOneJobManager(Path folder, int port, int jobManagerPort, int taskManagers)
      throws IOException {
    Path conf =
        ClusterConfiguration.write(
            folder, ClusterConfiguration.ofOneJobManager(folder, port, jobManagerPort));
    Thread starter =
        new Thread(() -> startTaskManagers(folder, conf, port, taskManagers), "start-taskmanagers");
    starter.setDaemon(true);
    starter.start();
    DelayThread.start();
    StandaloneSessionClusterEntrypoint.main(new String[] {"--configDir", conf.toString()});
  }

  private static void startTaskManagers(Path folder, Path conf, int port, int number) {
    try {
      ChildProcesses children = new ChildProcesses(folder);
      for (int i = 1; i <= number; i++) {
        children.start(TaskManagers.program(i, folder, conf));
      }
      new ClusterOverview(port).awaitTaskManagers(number);
      children.serve();
      Files.createFile(folder.resolve("ready"));
    } catch (IOException | InterruptedException | RuntimeException e) {
      end(e);
    }
  }

  /** Ends this process, which ends the child processes. */
  static void end(Throwable e) {
    System.err.println("Flink did not start: " + e);
    e.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
