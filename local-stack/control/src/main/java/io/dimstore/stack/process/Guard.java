// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs one server's process under a small shell process that outlives this JVM. When the pipe
 * between this JVM and the shell closes, for whatever reason, the shell kills the server and
 * removes its folder.
 */
final class Guard implements AutoCloseable {

  private static final String SCRIPT = script();
  private static final Optional<Path> SETSID =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();
  private static final long SECONDS_TO_END = 20;

  private final Process shell;
  private final OutputStream pipe;
  private final CompletableFuture<Long> pid = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private Guard(Process shell) {
    this.shell = shell;
    this.pipe = shell.getOutputStream();
  }

  /**
   * Starts the command in an existing folder, which the guard owns from now on.
   *
   * @param environment variables of the process, besides those of this JVM
   */
  static Guard start(
      String server, List<String> command, Path folder, Path log, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    // A session of its own keeps the guard out of this JVM's process group. Some tools enforce a
    // time limit by killing that whole group.
    SETSID.ifPresent(setsid -> words.add(setsid.toString()));
    words.addAll(List.of("/bin/sh", "-c", SCRIPT, "dimstore-guard-" + server));
    words.addAll(List.of(folder.toString(), log.toString()));
    words.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process shell;
    try {
      shell = builder.start();
    } catch (IOException e) {
      throw new StackException("The process of " + server + " cannot be started: " + e, e);
    }
    Guard guard = new Guard(shell);
    Thread reader = new Thread(guard::listen, "stack-guard-" + server);
    reader.setDaemon(true);
    reader.start();
    return guard;
  }

  private void listen() {
    try (BufferedReader lines = shell.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
          case "pid" -> pid.complete(Long.parseLong(words[1]));
          case "exit" -> exit.complete(Integer.parseInt(words[1]));
          default -> throw new IOException("unexpected output of the guard: " + line);
        }
      }
      fail(new IOException("the guard has ended"));
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException cause) {
    pid.completeExceptionally(cause);
    // A killed guard cannot report its server's exit code: 137 stands for SIGKILL. The server may
    // still run.
    exit.complete(137);
  }

  /** Returns the id of the server's own process, which is not a child of this JVM. */
  long pid() {
    try {
      return pid.get(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while a server started.", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StackException("A server's process was not started: " + e.getMessage(), e);
    }
  }

  /** Returns a future that completes with the exit code when the server's process has ended. */
  CompletableFuture<Integer> exit() {
    return exit.copy();
  }

  /** Makes the guard kill the server and remove the folder; does not wait for it. */
  void release() {
    try {
      pipe.close();
    } catch (IOException e) {
      // The guard has already ended, so there is nothing to release.
    }
  }

  /** Ends the guard of a server that has ended. Keeps the folder for the server's next run. */
  void leave() {
    try {
      pipe.write("leave\n".getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    } catch (IOException e) {
      // The guard has already ended.
    }
    awaitEnd();
  }

  /** Kills the server, removes its folder and waits until both is done. */
  @Override
  public void close() {
    release();
    awaitEnd();
  }

  private void awaitEnd() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_END);
    while (true) {
      try {
        if (!shell.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          shell.destroyForcibly();
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String script() {
    try (InputStream in = Guard.class.getResourceAsStream("guard.sh")) {
      if (in == null) {
        throw new IllegalStateException("guard.sh is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
