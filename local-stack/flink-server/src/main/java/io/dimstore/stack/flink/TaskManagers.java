// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The TaskManagers of the cluster and their memory. */
final class TaskManagers {

  /** Slots of each TaskManager. */
  static final int SLOTS = 4;

  private static final int FRAMEWORK_HEAP = 128;
  private static final int TASK_HEAP = 320;
  private static final int FRAMEWORK_OFF_HEAP = 64;
  private static final int TASK_OFF_HEAP = 64;
  private static final int NETWORK = 64;
  private static final int MANAGED = 128;
  private static final int METASPACE = 256;
  private static final int JVM_OVERHEAD = 64;

  private TaskManagers() {}

  /** Returns the settings that divide the memory, of which a TaskManager requires each one. */
  static Map<String, String> memory() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("taskmanager.cpu.cores", Double.toString(SLOTS));
    Map.of(
            "framework.heap.size", FRAMEWORK_HEAP,
            "task.heap.size", TASK_HEAP,
            "framework.off-heap.size", FRAMEWORK_OFF_HEAP,
            "task.off-heap.size", TASK_OFF_HEAP,
            "network.min", NETWORK,
            "network.max", NETWORK,
            "managed.size", MANAGED,
            "jvm-metaspace.size", METASPACE,
            "jvm-overhead.min", JVM_OVERHEAD,
            "jvm-overhead.max", JVM_OVERHEAD)
        .forEach((name, size) -> settings.put("taskmanager.memory." + name, size + "m"));
    return settings;
  }

  /**
   * Returns the program of a TaskManager, from the folder of the cluster and that of its settings.
   */
  static ChildProgram program(int number, Path folder, Path conf) {
    String name = "taskmanager-" + number;
    return new ChildProgram(
        name,
        Optional.empty(),
        TaskManagerMain.class,
        List.of(
            "-Xms" + (FRAMEWORK_HEAP + TASK_HEAP) + "m",
            "-Xmx" + (FRAMEWORK_HEAP + TASK_HEAP) + "m",
            "-XX:MaxDirectMemorySize=" + (FRAMEWORK_OFF_HEAP + TASK_OFF_HEAP + NETWORK) + "m",
            "-XX:MaxMetaspaceSize=" + METASPACE + "m"),
        List.of(
            "--configDir",
            conf.toString(),
            "-D",
            "taskmanager.log.path=" + ChildProgram.log(folder, name)));
  }
}
