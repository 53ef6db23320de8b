package io.dimstore.stack;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One server's process, started by a small shell process that outlives this JVM: when the pipe
 * between the two ends, for whatever reason, the shell kills the server and removes its folder.
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

  /** Starts the command in the folder, which exists and belongs to the guard from now on. */
  static Guard start(Server server, List<String> command, Path folder, Path log) {
    List<String> words = new ArrayList<>();
    // In a session of its own it is out of reach of what is sent to this JVM's whole process group,
    // such as the kill with which some tools enforce a time limit.
    SETSID.ifPresent(setsid -> words.add(setsid.toString()));
    words.addAll(List.of("/bin/sh", "-c", SCRIPT, "dimstore-guard-" + server.id()));
    words.addAll(List.of(folder.toString(), log.toString()));
    words.addAll(command);
    Process shell;
    try {
      shell =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new StackException("The process of " + server.id() + " cannot be started: " + e, e);
    }
    Guard guard = new Guard(shell);
    Thread reader = new Thread(guard::listen, "stack-guard-" + server.id());
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
          default -> throw new IOException("unexpected word of the guard: " + line);
        }
      }
      fail(new IOException("the guard has ended"));
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException cause) {
    pid.completeExceptionally(cause);
    // A guard that was itself killed says nothing about its server, which is then out of our hands.
    exit.complete(137);
  }

  /** The number of the server's own process, which is not a child of this JVM. */
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

  /** Is completed with the exit code when the server's process has ended. */
  CompletableFuture<Integer> exit() {
    return exit.copy();
  }

  /** Begins the end: the guard kills the server and removes the folder. */
  void release() {
    try {
      pipe.close();
    } catch (IOException e) {
      // The guard is gone already, which is what was wanted.
    }
  }

  /** Ends the guard of a server that has ended, and leaves the folder for its successor. */
  void leave() {
    try {
      pipe.write("leave\n".getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    } catch (IOException e) {
      // As in release.
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
