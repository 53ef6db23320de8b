// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A folder for the files of one comparison, among them the temp folders of the arms. Closing ends
 * the processes that write to it and deletes it with everything inside. The same happens when this
 * JVM is interrupted. If this JVM is killed, the next comparison deletes the folder.
 */
final class WorkFolder implements Closeable {

  private static final String PREFIX = "work-";

  private final Path path;
  private final Set<Process> writers = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::interrupt, "comparison-shutdown");
  private volatile boolean interrupted;

  private WorkFolder(Path path) {
    this.path = path;
  }

  /**
   * Creates a new folder inside the other one, which is created if it does not exist. Deletes what
   * killed comparisons left there, so no other comparison may use the parent folder.
   */
  static WorkFolder create(Path parent) throws IOException {
    Files.createDirectories(parent);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : left) {
        delete(folder);
      }
    }
    WorkFolder folder = new WorkFolder(Files.createTempDirectory(parent, PREFIX));
    Runtime.getRuntime().addShutdownHook(folder.hook);
    return folder;
  }

  Path path() {
    return path;
  }

  /** Creates a folder inside this one that only one process uses. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  /**
   * Makes sure that a process that writes to this folder has ended before the folder is deleted.
   */
  void addWriter(Process process) {
    writers.add(process);
    if (interrupted) {
      process.destroyForcibly();
    }
  }

  /** Returns whether this JVM is being stopped, so that failures are a consequence of that. */
  boolean isInterrupted() {
    return interrupted;
  }

  private void interrupt() {
    interrupted = true;
    try {
      end();
    } catch (IOException e) {
      // The next comparison deletes what is left.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The JVM is shutting down, and the hook deletes the folder.
    }
    end();
  }

  private void end() throws IOException {
    for (Process writer : writers) {
      writer.destroyForcibly();
    }
    for (Process writer : writers) {
      awaitEnd(writer);
    }
    delete(path);
  }

  private static void awaitEnd(Process process) {
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
