// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.UserFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Copies the logs of failed servers out of the stack's folder before that folder is removed. */
public final class KeptLogs {

  private static final int KEEP = 20;
  private static final int LINES = 20;
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  private KeptLogs() {}

  /** Copies a log and returns the path of the copy, or the original path if copying fails. */
  static Path keep(String server, Path log) {
    try {
      Path folder = Files.createDirectories(UserFolders.logs());
      String name = server + "-" + ZonedDateTime.now(ZoneOffset.UTC).format(STAMP) + ".log";
      Path kept = Files.copy(log, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      prune(folder);
      return kept;
    } catch (IOException e) {
      return log;
    }
  }

  private static void prune(Path folder) throws IOException {
    List<Path> oldestFirst;
    try (Stream<Path> files = Files.list(folder)) {
      oldestFirst =
          files
              .filter(file -> file.toString().endsWith(".log"))
              .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
              .toList();
    }
    for (Path file : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - KEEP))) {
      Files.deleteIfExists(file);
    }
  }

  /** Returns whether a line of the log contains this text. */
  static boolean contains(Path log, String text) {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines.anyMatch(line -> line.contains(text));
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the last lines of a log, or none if it cannot be read. */
  public static List<String> lastLines(Path log) {
    Deque<String> last = new ArrayDeque<>();
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      lines.forEach(
          line -> {
            last.addLast(line);
            if (last.size() > LINES) {
              last.removeFirst();
            }
          });
    } catch (IOException e) {
      return List.of();
    }
    return List.copyOf(last);
  }

  /**
   * Returns the lines indented, to follow the sentence that they explain; empty if there are none.
   */
  public static String quote(List<String> lines) {
    return lines.stream().map(line -> "\n    " + line).collect(Collectors.joining());
  }
}
