package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.Files;

/** A server of a stack: its place and its current run; thread-safe. */
final class RunningServer {

  private final Launch launch;
  private volatile ServerRun run;

  private RunningServer(Launch launch, ServerRun run) {
    this.launch = launch;
    this.run = run;
  }

  /** Starts the process; the server need not be ready on return. */
  static RunningServer launch(Launch launch) {
    return new RunningServer(launch, ServerRun.start(launch));
  }

  Launch launched() {
    return launch;
  }

  ServerRun run() {
    return run;
  }

  /** Starts the server that has ended again, on the same ports and in the same folder. */
  synchronized void restart() {
    try {
      Files.deleteIfExists(launch.readyFile());
    } catch (IOException e) {
      throw new StackException("The old mark of " + launch.server().id() + " stays: " + e, e);
    }
    ServerRun ended = run;
    run = ServerRun.start(launch);
    // Only now: there is never a moment in which nobody would clear up after a crash of this JVM.
    ended.leave();
  }
}
