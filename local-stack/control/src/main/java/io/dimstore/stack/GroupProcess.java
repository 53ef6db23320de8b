package io.dimstore.stack;

import java.nio.file.Path;

/** A process of a {@link ServerGroup}; thread-safe. */
public final class GroupProcess implements AutoCloseable {

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

  /** The process's id. */
  public long pid() {
    return pid;
  }

  /** Where it keeps what it keeps; goes with it. */
  public Path folder() {
    return folder;
  }

  /** What it has printed. */
  public Path log() {
    return log;
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return !guard.exit().isDone();
  }

  /** Ends it at once, as a crash would, and waits until it is gone. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    guard.exit().join();
  }

  void release() {
    guard.release();
  }

  /** Ends it and removes its folder. Calling it again changes nothing. */
  @Override
  public void close() {
    guard.close();
  }
}
