// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.Files;

/** A server of a stack: its launch parameters and its current run. Thread-safe. */
public final class RunningServer {

  private final Launch launch;
  private volatile ServerRun run;

  private RunningServer(Launch launch, ServerRun run) {
    this.launch = launch;
    this.run = run;
  }

  /** Starts the process. The server may not be ready when this returns. */
  public static RunningServer launch(Launch launch) {
    return new RunningServer(launch, ServerRun.start(launch));
  }

  public Launch launched() {
    return launch;
  }

  public ServerRun run() {
    return run;
  }

  /** Restarts a server that has ended, on the same ports and in the same folder. */
  public synchronized void restart() {
    try {
      Files.deleteIfExists(launch.readyFile());
    } catch (IOException e) {
      throw new StackException("The file " + launch.readyFile() + " cannot be removed: " + e, e);
    }
    ServerRun ended = run;
    run = ServerRun.start(launch);
    // The old guard ends only after the new one has started. At any time one of them therefore
    // removes the folder if this JVM crashes.
    ended.leave();
  }
}
