package io.dimstore.stack;

import java.nio.file.Path;
import java.util.List;

/**
 * A server's process has ended though nobody stopped the stack.
 *
 * @param server which one
 * @param exitCode its exit code; 128 + n where signal n ended it
 * @param log a copy of its log, kept beyond the stack's end
 * @param lastLines the end of that log, at most 20 lines
 */
public record ServerExit(Server server, int exitCode, Path log, List<String> lastLines) {

  /** Copies the lines. */
  public ServerExit {
    lastLines = List.copyOf(lastLines);
  }

  /** A report for a user: what ended, how, and where to read on. */
  public String message() {
    return "%s has ended with exit code %d. Its log: %s%s"
        .formatted(server.id(), exitCode, log, KeptLogs.quote(lastLines));
  }
}
