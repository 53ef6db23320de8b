// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.process.ServerPart;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Where Flink's clients find the cluster, and its processes.
 *
 * @param address URL of the REST interface and the web UI
 * @param folder folder of the cluster's data and logs
 */
public record FlinkEndpoint(String address, Path folder) {

  /**
   * Returns the running processes of the TaskManagers by their names, such as {@code
   * taskmanager-1}. A TaskManager that ends gets a new process.
   */
  public Map<String, ProcessHandle> taskManagers() {
    return running(part -> part.name().startsWith("taskmanager-"));
  }

  /**
   * Returns the running processes of the JobManagers and of ZooKeeper by their names, such as
   * {@code jobmanager-1} and {@code zookeeper}. Empty for a cluster without high availability,
   * whose JobManager is the process of the server. Each of them that ends gets a new process.
   */
  public Map<String, ProcessHandle> coordinators() {
    return running(part -> !part.name().startsWith("taskmanager-"));
  }

  /**
   * Returns the running process of the JobManager that leads. Empty while none leads, and for a
   * cluster without high availability.
   */
  public Optional<ProcessHandle> leader() {
    return running(ServerPart::leads).values().stream().findFirst();
  }

  private Map<String, ProcessHandle> running(Predicate<ServerPart> kind) {
    Map<String, ProcessHandle> processes = new TreeMap<>();
    for (ServerPart part : ServerPart.of(folder)) {
      if (kind.test(part)) {
        ProcessHandle.of(part.pid())
            .filter(ProcessHandle::isAlive)
            .ifPresent(running -> processes.put(part.name(), running));
      }
    }
    return processes;
  }

  /** Returns the log of a TaskManager, by its name. */
  public Path taskManagerLog(String name) {
    return folder.resolve(name + ".log");
  }
}
