// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A process of a {@link ServerGroup}; thread-safe. */
public final class GroupProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Guard guard;
  private final long pid;
  private final Path folder;
  private final Path log;

  private GroupProcess(Guard guard, long pid, Path folder, Path log) {
    this.guard = guard;
    this.pid = pid;
    this.folder = folder;
    this.log = log;
  }

  static GroupProcess start(Guard guard, Path folder, Path log) {
    try {
      return new GroupProcess(guard, guard.pid(), folder, log);
    } catch (StackException e) {
      guard.close();
      throw e;
    }
  }

  /** Returns the id of the process. */
  public long pid() {
    return pid;
  }

  /** Returns the data folder of the process. {@link #close} removes it. */
  public Path folder() {
    return folder;
  }

  /** Returns the file that holds the output of the process. */
  public Path log() {
    return log;
  }

  /** Returns whether the process runs. */
  public boolean isAlive() {
    return !guard.exit().isDone();
  }

  /**
   * Waits for the file that the server creates when it is ready. Fails if the process ends before,
   * or if the file does not appear in time.
   */
  public void await(Path ready) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(ready)) {
      if (!isAlive() || System.nanoTime() - end > 0) {
        throw new StackException(
            "The server did not start: " + KeptLogs.quote(KeptLogs.lastLines(log)));
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Kills the process, as a crash would, and waits until it has ended. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    guard.exit().join();
  }

  void release() {
    guard.release();
  }

  /** Ends the process and removes its folder. Calling it again changes nothing. */
  @Override
  public void close() {
    guard.close();
  }
}
