// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.UserFolders;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of this user's detached stack. It consists of a lock that the stack's process
 * holds while it lives, a file with the addresses, written when the stack is ready, and the log of
 * the process.
 */
final class DetachedState {

  /**
   * The contents of the file.
   *
   * @param supervisor id of the process that runs the servers and is ended to stop them
   * @param rows the addresses of the servers
   */
  record Saved(long supervisor, List<OutputFormat.Row> rows) {

    Saved {
      rows = List.copyOf(rows);
    }
  }

  private DetachedState() {}

  private static Path folder() {
    return UserFolders.state();
  }

  static Path log() {
    return folder().resolve("stack.log");
  }

  private static Path file() {
    return folder().resolve("stack.properties");
  }

  private static Path lockFile() {
    return folder().resolve("stack.lock");
  }

  /** Takes the lock for the life of this process. Returns empty if another process holds it. */
  static Optional<FileLock> take() {
    try {
      Files.createDirectories(folder());
      FileChannel channel =
          FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
      }
      return Optional.ofNullable(lock);
    } catch (IOException e) {
      throw new StackException("The state in " + folder() + " cannot be saved: " + e, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Returns whether a process holds the lock. Its stack may still be starting. */
  static boolean isHeld() {
    if (!Files.exists(lockFile())) {
      return false;
    }
    Optional<FileLock> free = take();
    free.ifPresent(
        lock -> {
          try {
            lock.acquiredBy().close();
          } catch (IOException e) {
            throw new StackException("The lock " + lockFile() + " cannot be released: " + e, e);
          }
        });
    return free.isEmpty();
  }

  static void save(Saved saved) throws IOException {
    Properties p = new Properties();
    p.setProperty("supervisor", Long.toString(saved.supervisor()));
    for (OutputFormat.Row row : saved.rows()) {
      String server = row.endpoint().server().id();
      p.setProperty(server + ".port", Integer.toString(row.endpoint().port()));
      p.setProperty(server + ".pid", Long.toString(row.pid()));
      p.setProperty(server + ".log", row.log());
    }
    Path next = folder().resolve("stack.properties.next");
    try (Writer out = Files.newBufferedWriter(next)) {
      p.store(out, null);
    }
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns the contents of the file, or empty if it is missing or unreadable. */
  static Optional<Saved> saved() {
    Properties p = new Properties();
    try (Reader in = Files.newBufferedReader(file())) {
      p.load(in);
      List<OutputFormat.Row> rows = new ArrayList<>();
      for (ServerModule module : ServerModule.all(ProjectHome.find())) {
        String server = module.server().id();
        String port = p.getProperty(server + ".port");
        if (port != null) {
          long pid = Long.parseLong(p.getProperty(server + ".pid", ""));
          rows.add(
              OutputFormat.Row.of(
                  module.endpoint(Integer.parseInt(port)),
                  pid,
                  ProcessHandle.of(pid).isPresent(),
                  p.getProperty(server + ".log", "")));
        }
      }
      return Optional.of(new Saved(Long.parseLong(p.getProperty("supervisor", "")), rows));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static void forget() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      throw new StackException("The file " + file() + " cannot be removed: " + e, e);
    }
  }
}
