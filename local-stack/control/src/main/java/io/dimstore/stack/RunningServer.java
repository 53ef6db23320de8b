package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A server that was started, and its process; thread-safe, the process changes at a restart. */
final class RunningServer {

  private static final long POLL_MILLIS = 15;

  private final Launch launch;
  private volatile Guard guard;
  private volatile ProcessHandle process;
  private @Nullable ServerExit report;

  private RunningServer(Launch launch, Guard guard) {
    this.launch = launch;
    this.guard = guard;
    this.process = guard.process();
  }

  /** Starts the process; the server need not be ready on return. */
  static RunningServer launch(Launch launch) {
    return new RunningServer(launch, startProcess(launch));
  }

  private static Guard startProcess(Launch launch) {
    List<String> command = ServerCommand.of(launch);
    return Guard.start(launch.server(), command, launch.folder(), launch.log());
  }

  Launch launched() {
    return launch;
  }

  ProcessHandle process() {
    return process;
  }

  boolean isAlive() {
    return !guard.exit().isDone();
  }

  CompletableFuture<Integer> exit() {
    return guard.exit();
  }

  /** Waits until the server can be used; fails when it ends or takes longer. */
  void awaitReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!Readiness.of(launch)) {
      if (!isAlive()) {
        throw new StackException(failure("ended with exit code " + guard.exit().join()));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new StackException(failure("was not ready after " + timeout.toSeconds() + " s"));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private String failure(String what) {
    List<String> lines = KeptLogs.lastLines(launch.log());
    Path kept = KeptLogs.keep(launch.server(), launch.log());
    return "%s did not start: the process %s. Its log: %s%s"
        .formatted(launch.server().id(), what, kept, KeptLogs.quote(lines));
  }

  /** Whether the process has ended because another one had its port. */
  boolean lostItsPort() {
    return !isAlive()
        && KeptLogs.lastLines(launch.log()).stream()
            .anyMatch(line -> line.contains("Address already in use"));
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

  private synchronized void forgetReport() {
    report = null;
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    guard.exit().join();
  }

  /** Starts the server that has ended again, on the same ports and in the same folder. */
  void restart(Duration timeout) throws InterruptedException {
    try {
      Files.deleteIfExists(launch.readyFile());
    } catch (IOException e) {
      throw new StackException("The old mark of " + launch.server().id() + " stays: " + e, e);
    }
    Guard old = guard;
    Guard next = startProcess(launch);
    // Only now: there is never a moment in which nobody would clear up after a crash of this JVM.
    old.leave();
    guard = next;
    process = next.process();
    forgetReport();
    awaitReady(timeout);
  }

  /** Begins the end without waiting for it. */
  void release() {
    guard.release();
  }

  /** Kills the server, removes its folder and waits until both is done. */
  void close() {
    guard.close();
  }
}
