// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A folder for the files of one comparison, among them the temp folders of the arms. Closing ends
 * the processes that write to it and deletes it with everything inside. The same happens when this
 * JVM is interrupted. If this JVM is killed, the next comparison deletes the folder.
 *
 * <p>The folder has a name of dimstore's own, so nothing of the user is in it.
 */
public final class WorkFolder implements Closeable {

  public static final String NAME = ".dimstore-work";

  private final Path path;
  private final Set<Process> writers = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::interrupt, "comparison-shutdown");
  private final CountDownLatch hookEnd = new CountDownLatch(1);
  private volatile boolean interrupted;

  private WorkFolder(Path path) {
    this.path = path;
  }

  /**
   * Creates the folder inside the other one, which is created if it does not exist. Deletes what a
   * killed comparison left there, so no other comparison may use the parent folder.
   */
  public static WorkFolder create(Path parent) throws IOException {
    Files.createDirectories(parent);
    Path path = parent.resolve(NAME);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      delete(path);
    }
    WorkFolder folder = new WorkFolder(Files.createDirectory(path));
    Runtime.getRuntime().addShutdownHook(folder.hook);
    return folder;
  }

  /**
   * Deletes the parent of a closed folder unless something is in it, such as logs of a failed run.
   */
  public static void deleteIfEmpty(Path parent) throws IOException {
    try {
      Files.deleteIfExists(parent);
    } catch (DirectoryNotEmptyException e) {
      // It stays, for what is in it.
    }
  }

  public Path path() {
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
  public boolean isInterrupted() {
    return interrupted;
  }

  private void interrupt() {
    interrupted = true;
    try {
      end();
    } catch (IOException e) {
      // The next comparison deletes what is left.
    } finally {
      hookEnd.countDown();
    }
  }

  /**
   * Returns when the folder is deleted, also if the JVM is being stopped: the caller then unlocks
   * the parent folder, and the next comparison begins to use it.
   */
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      awaitHook(); // The JVM is shutting down, and the hook deletes the folder.
      return;
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

  /** Waits for the hook's end. The hook may not have begun, so its thread cannot be joined. */
  private void awaitHook() {
    try {
      hookEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(Process process) {
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes a folder and what it contains; links are not followed. */
  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
