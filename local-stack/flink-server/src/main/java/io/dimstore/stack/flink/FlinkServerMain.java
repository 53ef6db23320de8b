// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;

/**
 * Runs a session cluster on loopback: the JobManager in this process, and each TaskManager in a
 * process of its own. A TaskManager that is killed is replaced.
 *
 * <p>Arguments: the folder for all data, the port of the REST interface and the JobManager's port.
 * The variable {@value #TASK_MANAGERS} has the number of TaskManagers. The file {@code processes}
 * in the folder has one line per TaskManager: its name and the id of its process. The file {@code
 * ready} appears once the JobManager knows all of them. The process runs until it is killed; the
 * TaskManagers then end too.
 */
public final class FlinkServerMain {

  /** The variable with the number of TaskManagers; 1 without it. */
  static final String TASK_MANAGERS = "DIMSTORE_FLINK_TASKMANAGERS";

  private FlinkServerMain() {}

  /** Starts the cluster and serves requests. Exits with 1 if that fails. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      int port = Integer.parseInt(args[1]);
      int number = Integer.parseInt(System.getenv().getOrDefault(TASK_MANAGERS, "1"));
      Path conf = ClusterConfiguration.write(folder, port, Integer.parseInt(args[2]));
      Thread starter =
          new Thread(() -> startTaskManagers(folder, conf, port, number), "start-taskmanagers");
      starter.setDaemon(true);
      starter.start();
      StandaloneSessionClusterEntrypoint.main(new String[] {"--configDir", conf.toString()});
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  private static void startTaskManagers(Path folder, Path conf, int port, int number) {
    try {
      TaskManagers taskManagers = new TaskManagers(folder, conf);
      for (int i = 1; i <= number; i++) {
        taskManagers.start(i);
      }
      new ClusterOverview(port).awaitTaskManagers(number);
      taskManagers.serve();
      Files.createFile(folder.resolve("ready"));
    } catch (IOException | InterruptedException | RuntimeException e) {
      end(e);
    }
  }

  private static void end(Exception e) {
    System.err.println("Flink did not start: " + e);
    e.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
