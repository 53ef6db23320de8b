// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of a wave. It ends with {@link #kill}, or with this JVM, however that ends. */
final class Child {

  /** Runs the command, tells its id, and kills it at the end of the pipe from this JVM. */
  private static final String WATCH =
      "exec 3<&0; \"$@\" </dev/null 3<&- & p=$!; echo $p >\"$0\"; { cat >/dev/null; kill -9 $p; }"
          + " <&3 & w=$!; exec 3<&-; wait $p; code=$?; kill $w; exit $code";

  private final Process shell;
  private final long pid;
  private volatile boolean ended;

  private Child(Process shell, long pid) {
    this.shell = shell;
    this.pid = pid;
  }

  /** Starts a command whose output is appended to a file. */
  static Child start(Path log, List<String> command) {
    Path id = log.resolveSibling(log.getFileName() + ".pid");
    try {
      Files.deleteIfExists(id);
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", WATCH, id.toString()));
      words.addAll(command);
      Process shell =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      while (!Signal.read(id).endsWith("\n")) {
        Thread.sleep(5);
      }
      return new Child(shell, Long.parseLong(Signal.read(id).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a main class with this JVM's class path behind the given entries. */
  static Child java(Path log, List<Path> first, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String own : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!own.startsWith("-Xmx")) {
        command.add(own);
      }
    }
    command.add("-Xmx320m");
    StringBuilder path = new StringBuilder();
    first.forEach(entry -> path.append(entry).append(':'));
    command.addAll(List.of("-cp", path + System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return start(log, command);
  }

  long pid() {
    return pid;
  }

  /** Returns whether the process has ended by itself. */
  boolean hasEnded() {
    return !shell.isAlive() && !ended;
  }

  void kill() {
    ended = true;
    signal(pid, "KILL");
    try {
      if (!shell.waitFor(20, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void pause() {
    signal(pid, "STOP");
  }

  void resume() {
    signal(pid, "CONT");
  }

  static void signal(long pid, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid))
          .redirectErrorStream(true)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
