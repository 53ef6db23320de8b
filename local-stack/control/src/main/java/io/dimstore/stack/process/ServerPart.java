// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of a server that consists of several, such as a TaskManager of Flink. The server starts
 * another one in its place when it ends.
 *
 * @param name its name, which its successor has too
 * @param pid id of the process
 * @param address where it is reached, or empty
 * @param leads whether it leads the processes of its kind
 * @param log its log
 */
public record ServerPart(String name, long pid, String address, boolean leads, Path log) {

  /** The file in a server's folder that has a line for each part. */
  private static final String FILE = "processes";

  /**
   * Returns the parts of the server with this folder by their names. Most servers have none.
   *
   * @throws StackException if the file cannot be read
   */
  public static List<ServerPart> of(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return Files.readAllLines(file).stream().map(line -> parsed(line, folder)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new StackException("The file " + file + " cannot be read: " + e, e);
    }
  }

  /** Reads a line: name, process, address or '-', and perhaps 'leader'. */
  private static ServerPart parsed(String line, Path folder) {
    String[] words = line.split(" ", -1);
    return new ServerPart(
        words[0],
        Long.parseLong(words[1]),
        words[2].equals("-") ? "" : words[2],
        words.length > 3,
        folder.resolve(words[0] + ".log"));
  }

  /** Returns whether the process runs. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}
