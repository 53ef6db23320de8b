// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The processes of the TaskManagers. Thread-safe. */
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

  /** Lines of a TaskManager's log that are shown when it did not start. */
  private static final int LINES = 15;

  private final Path folder;
  private final Path conf;
  private final Map<String, Long> processes = new TreeMap<>();
  private volatile boolean serving;

  TaskManagers(Path folder, Path conf) {
    this.folder = folder;
    this.conf = conf;
  }

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
   * Starts a TaskManager, and another one in its place when it ends. It ends when its pipe from
   * this process closes.
   */
  void start(int number) throws IOException {
    String name = "taskmanager-" + number;
    Path log = folder.resolve(name + ".log");
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Xm") && !option.startsWith("-XX:MaxMetaspaceSize=")) {
        words.add(option);
      }
    }
    words.add("-Xms" + (FRAMEWORK_HEAP + TASK_HEAP) + "m");
    words.add("-Xmx" + (FRAMEWORK_HEAP + TASK_HEAP) + "m");
    words.add("-XX:MaxDirectMemorySize=" + (FRAMEWORK_OFF_HEAP + TASK_OFF_HEAP + NETWORK) + "m");
    words.add("-XX:MaxMetaspaceSize=" + METASPACE + "m");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(TaskManagerMain.class.getName(), "--configDir", conf.toString()));
    words.addAll(List.of("-D", "taskmanager.log.path=" + log));
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    note(name, process.pid());
    process.onExit().thenAccept(ended -> replace(number, ended.exitValue()));
  }

  /**
   * Lets a TaskManager that ends be replaced from now on. Before, it ends this process: it would
   * not start the next time either.
   */
  void serve() {
    serving = true;
  }

  private void replace(int number, int exitCode) {
    if (!serving) {
      endWithout(number, "ended with exit code " + exitCode);
      return;
    }
    System.err.printf(
        "taskmanager-%d has ended with exit code %d and is started again%n", number, exitCode);
    try {
      start(number);
    } catch (IOException e) {
      endWithout(number, "cannot be started: " + e);
    }
  }

  private void endWithout(int number, String why) {
    System.err.printf("Flink ends: taskmanager-%d %s%n", number, why);
    try {
      List<String> log = Files.readAllLines(folder.resolve("taskmanager-" + number + ".log"));
      log.subList(Math.max(0, log.size() - LINES), log.size()).forEach(System.err::println);
    } catch (IOException e) {
      System.err.println("Its log cannot be read: " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  /** Writes the file of the processes anew, so that it always has all of its lines. */
  private synchronized void note(String name, long pid) throws IOException {
    processes.put(name, pid);
    Path next = folder.resolve("processes.next");
    Files.writeString(
        next,
        processes.entrySet().stream()
            .map(process -> process.getKey() + " " + process.getValue() + "\n")
            .collect(Collectors.joining()));
    Files.move(
        next,
        folder.resolve("processes"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
