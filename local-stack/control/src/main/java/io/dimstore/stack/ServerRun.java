package io.dimstore.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One life of a server's process, from its start to its end; thread-safe. */
final class ServerRun {

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

  /** Starts the process; the server need not be ready on return. */
  static ServerRun start(Launch launch) {
    List<String> command = ServerCommand.of(launch);
    Guard guard = Guard.start(launch.server(), command, launch.folder(), launch.log());
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

  ProcessHandle process() {
    return process;
  }

  boolean isAlive() {
    return !guard.exit().isDone();
  }

  /** Is completed with the exit code when the process has ended. */
  CompletableFuture<Integer> exit() {
    return guard.exit();
  }

  /** Waits until the server can be used; fails when it ends or takes longer. */
  void awaitReady(Duration timeout) throws InterruptedException {
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
    Path kept = KeptLogs.keep(launch.server(), launch.log());
    return new StackException(
        "%s did not start: the process %s. Its log: %s%s"
            .formatted(launch.server().id(), what, kept, KeptLogs.quote(lines)));
  }

  /** Whether the process has ended because another one had its port. */
  boolean lostItsPort() {
    return !isAlive() && KeptLogs.contains(launch.log(), "Address already in use");
  }

  /** What there is to say about the process that has ended by itself; the same each time. */
  synchronized ServerExit report() {
    if (report == null) {
      List<String> lines = KeptLogs.lastLines(launch.log());
      Path kept = KeptLogs.keep(launch.server(), launch.log());
      report = new ServerExit(launch.server(), guard.exit().join(), kept, lines);
    }
    return report;
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    guard.exit().join();
  }

  /** Ends the guard of a process that has ended; the folder stays for the next run. */
  void leave() {
    guard.leave();
  }

  /** Begins the end without waiting for it. */
  void release() {
    guard.release();
  }

  /** Ends the process, removes its folder and waits until both is done. */
  void close() {
    guard.close();
    // Only a guard that was itself killed leaves this to do.
    process.destroyForcibly();
  }
}
