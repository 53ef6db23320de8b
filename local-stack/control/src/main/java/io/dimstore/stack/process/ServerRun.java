// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of a server's process, from its start to its end. Thread-safe. */
public final class ServerRun {

  private static final long POLL_MILLIS = 15;

  private final Launch launch;
  private final Guard guard;
  private final ProcessHandle process;
  private @Nullable ServerExit report;

  private ServerRun(Launch launch, Guard guard, ProcessHandle process) {
    this.launch = launch;
    this.guard = guard;
    this.process = process;
  }

  /** Starts the process. The server may not be ready when this returns. */
  static ServerRun start(Launch launch) {
    List<String> command = ServerCommand.of(launch);
    Guard guard =
        Guard.start(
            launch.server().id(), command, launch.folder(), launch.log(), launch.environment());
    try {
      ProcessHandle process =
          ProcessHandle.of(guard.pid())
              .orElseThrow(() -> failure(launch, "ended with exit code " + guard.exit().join()));
      return new ServerRun(launch, guard, process);
    } catch (StackException e) {
      guard.close();
      throw e;
    }
  }

  public ProcessHandle process() {
    return process;
  }

  public boolean isAlive() {
    return !guard.exit().isDone();
  }

  /** Returns a future that completes with the exit code when the process has ended. */
  public CompletableFuture<Integer> exit() {
    return guard.exit();
  }

  /** Waits until the server can be used. Fails if the server ends or the timeout expires. */
  public void awaitReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!Readiness.of(launch, process.pid())) {
      if (!isAlive()) {
        throw failure(launch, "ended with exit code " + guard.exit().join());
      }
      if (System.nanoTime() - deadline > 0) {
        throw failure(launch, "was not ready after " + timeout.toSeconds() + " s");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static StackException failure(Launch launch, String what) {
    List<String> lines = KeptLogs.lastLines(launch.log());
    Path kept = KeptLogs.keep(launch.server().id(), launch.log());
    return new StackException(
        "%s did not start: the process %s. Its log: %s%s"
            .formatted(launch.server().id(), what, kept, KeptLogs.quote(lines)));
  }

  /** Returns whether the process has ended because another process used its port. */
  public boolean lostItsPort() {
    return !isAlive()
        && (KeptLogs.contains(launch.log(), "Address already in use")
            || KeptLogs.contains(launch.log(), "java.net.BindException"));
  }

  /**
   * Returns the report on a process that has ended by itself. Repeated calls return the same
   * report.
   */
  public synchronized ServerExit report() {
    if (report == null) {
      List<String> lines = KeptLogs.lastLines(launch.log());
      Path kept = KeptLogs.keep(launch.server().id(), launch.log());
      report = new ServerExit(launch.server(), guard.exit().join(), kept, lines);
    }
    return report;
  }

  /** Kills the process, as a crash would, and waits until it has ended. */
  public void kill() {
    process.destroyForcibly();
    guard.exit().join();
  }

  /** Ends the guard of a process that has ended. Keeps the folder for the next run. */
  public void leave() {
    guard.leave();
  }

  /** Makes the guard end the process and remove its folder; does not wait for it. */
  public void release() {
    guard.release();
  }

  /** Ends the process, removes its folder and waits until both is done. */
  public void close() {
    guard.close();
    // A guard that was itself killed has not ended the process.
    process.destroyForcibly();
  }
}
