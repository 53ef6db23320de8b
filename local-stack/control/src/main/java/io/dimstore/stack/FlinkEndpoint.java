// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where Flink's clients find the cluster, and the processes of its TaskManagers.
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
    Path file = folder.resolve("processes");
    try {
      Map<String, ProcessHandle> processes = new TreeMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", 2);
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(words[1]));
        process
            .filter(ProcessHandle::isAlive)
            .ifPresent(running -> processes.put(words[0], running));
      }
      return processes;
    } catch (IOException e) {
      throw new StackException("The file " + file + " cannot be read: " + e, e);
    }
  }

  /** Returns the log of a TaskManager, by its name. */
  public Path taskManagerLog(String name) {
    return folder.resolve(name + ".log");
  }
}
