package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes a process stand still and go on. */
final class Signals {

  private Signals() {}

  /** Returns when all of its threads stand still: the signal reaches them one by one. */
  static void stop(long pid) throws Exception {
    send("STOP", pid);
    HBaseShell.await("process " + pid + " stands still", () -> standsStill(pid));
  }

  /** Also true where the system does not tell. */
  private static boolean standsStill(long pid) throws IOException {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String stat = Files.readString(thread.resolve("stat"));
        // The state comes after the name, which is in parentheses: stopped, or ended meanwhile.
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
