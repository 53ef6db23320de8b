// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Pauses and resumes a process. */
final class Signals {

  private Signals() {}

  /**
   * Pauses a process. Returns when all of its threads are stopped, which the signal reaches one by
   * one.
   */
  static void stop(long pid) throws Exception {
    send("STOP", pid);
    HBaseShell.await("process " + pid + " is stopped", () -> isStopped(pid));
  }

  /** Whether a process is stopped; also true if the system does not report it. */
  private static boolean isStopped(long pid) throws IOException {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String stat = Files.readString(thread.resolve("stat"));
        // The state follows the name, which is in parentheses; the process is stopped, or has
        // ended.
        if ("TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
          return false;
        }
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return true;
  }

  static void go(long pid) throws Exception {
    send("CONT", pid);
  }

  private static void send(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
