// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the cluster besides this one. A process that ends is replaced. Thread-safe.
 *
 * <p>The file {@code processes} has a line for each: its name, the id of its process, its address
 * or {@code -}, and {@code leader} for the JobManager that leads.
 */
final class ChildProcesses {

  /** Lines of a process's log that are shown when it did not start. */
  private static final int LINES = 15;

  private record Running(ChildProgram program, long pid) {}

  private final Path folder;
  private final Map<String, Running> processes = new TreeMap<>();
  private @Nullable String leader;
  private volatile boolean serving;

  ChildProcesses(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts the program, and starts it again when it ends. Its process ends when its pipe from this
   * process closes.
   */
  void start(ChildProgram program) throws IOException {
    Path log = ChildProgram.log(folder, program.name());
    Process process =
        new ProcessBuilder(program.command())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    synchronized (this) {
      processes.put(program.name(), new Running(program, process.pid()));
      write();
    }
    process.onExit().thenAccept(ended -> replace(program, ended.exitValue()));
  }

  /**
   * Lets a process that ends be replaced from now on. Before, it ends this process: it would not
   * start the next time either.
   */
  void serve() {
    serving = true;
  }

  /** Notes which JobManager leads; null if none does. */
  synchronized void lead(@Nullable String name) throws IOException {
    leader = name;
    write();
  }

  /** Returns the JobManager that leads, or empty if none does. */
  synchronized Optional<String> leader() {
    return Optional.ofNullable(leader);
  }

  private void replace(ChildProgram program, int exitCode) {
    if (!serving) {
      endWithout(program, "ended with exit code " + exitCode);
      return;
    }
    System.err.printf(
        "%s has ended with exit code %d and is started again%n", program.name(), exitCode);
    try {
      synchronized (this) {
        if (program.name().equals(leader)) {
          lead(null);
        }
      }
      start(program);
    } catch (IOException e) {
      endWithout(program, "cannot be started: " + e);
    }
  }

  private void endWithout(ChildProgram program, String why) {
    System.err.printf("Flink ends: %s %s%n", program.name(), why);
    try {
      List<String> log = Files.readAllLines(ChildProgram.log(folder, program.name()));
      log.subList(Math.max(0, log.size() - LINES), log.size()).forEach(System.err::println);
    } catch (IOException e) {
      System.err.println("Its log cannot be read: " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  /** Writes the file of the processes anew, so that it always has all of its lines. */
  private synchronized void write() throws IOException {
    Path next = folder.resolve("processes.next");
    Files.writeString(
        next, processes.values().stream().map(this::line).collect(Collectors.joining()));
    Files.move(
        next,
        folder.resolve("processes"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String line(Running process) {
    String name = process.program.name();
    String role = name.equals(leader) ? " leader" : "";
    return name + " " + process.pid + " " + process.program.address().orElse("-") + role + "\n";
  }
}
