// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one stack in the system's temp folder. It contains a folder for each server. The
 * stack's JVM locks a file in it while it lives, which is visible to all containers that share the
 * temp folder.
 */
public final class StackFolder {

  private static final String PREFIX = "dimstore-stack-";
  private static final String LOCK = "lock";
  private static final long GRACE_MILLIS = 60_000;

  private final Path path;
  private final FileChannel lock;

  private StackFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  public static StackFolder create() {
    try {
      Path path = Files.createTempDirectory(ownPrefix());
      FileChannel lock =
          FileChannel.open(
              path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      lock.lock();
      return new StackFolder(path, lock);
    } catch (IOException e) {
      throw new StackException(
          "No folder can be made in %s: %s. Free some room there, or set -Djava.io.tmpdir."
              .formatted(System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  private static String ownPrefix() {
    return PREFIX + ProcessHandle.current().pid() + "-";
  }

  public Path path() {
    return path;
  }

  /** Removes the folder and its contents. Does nothing if it does not exist. */
  public void remove() throws IOException {
    try (lock) {
      removeTree(path);
    }
  }

  /**
   * Removes the folders of stacks whose JVM and guards were all killed at the same time. Keeps
   * folders of other users and folders in use.
   */
  public static void removeStale() {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temp, PREFIX + "*")) {
      for (Path folder : folders) {
        // Closing a second channel on a file that this JVM has locked would release the lock.
        if (!folder.getFileName().toString().startsWith(ownPrefix())
            && isAbandoned(folder)
            && !isNamedByAProcess(folder)) {
          removeTree(folder);
        }
      }
    } catch (IOException e) {
      // Another start may be removing the same folder. A later start tries again.
    }
  }

  private static boolean isAbandoned(Path folder) {
    // A stack that is just starting creates its folder shortly before it takes the lock.
    if (folder.toFile().lastModified() > System.currentTimeMillis() - GRACE_MILLIS) {
      return false;
    }
    if (!Files.exists(folder.resolve(LOCK))) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether a server or guard with this folder on its command line is running. */
  private static boolean isNamedByAProcess(Path folder) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine())
        .flatMap(Optional::stream)
        .anyMatch(command -> command.contains(folder.toString()));
  }

  /** Removes a folder and its contents. Does nothing if it does not exist. */
  static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
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
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
