// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.Server;
import java.nio.file.Path;
import java.util.List;

/**
 * Reports that a server's process has ended although the stack was not stopped.
 *
 * @param server kind of the server
 * @param exitCode its exit code; 128 + n if signal n ended it
 * @param log a copy of its log, which is kept after the stack has ended
 * @param lastLines the end of that log, at most 20 lines
 */
public record ServerExit(Server server, int exitCode, Path log, List<String> lastLines) {

  /** Copies the lines. */
  public ServerExit {
    lastLines = List.copyOf(lastLines);
  }

  /** Returns a message for the user: the server, its exit code and its log. */
  public String message() {
    return "%s has ended with exit code %d. Its log: %s%s"
        .formatted(server.id(), exitCode, log, KeptLogs.quote(lastLines));
  }
}
