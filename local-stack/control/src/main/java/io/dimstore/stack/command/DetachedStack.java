// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.process.KeptLogs;
import io.dimstore.stack.process.ServerExit;
import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs a stack in its own process, which outlives the command that started it. */
final class DetachedStack {

  private static final long POLL_MILLIS = 50;
  private static final long SECONDS_TO_END = 30;

  private DetachedStack() {}

  /**
   * Starts the process and waits until its servers are ready. Prints the process's log meanwhile.
   */
  static List<OutputFormat.Row> start(StackOptions options) throws InterruptedException {
    if (DetachedState.isHeld()) {
      throw new StackException(
          "A detached stack runs already. 'stack status' shows it, 'stack down' stops it.");
    }
    DetachedState.forget();
    Process process = spawn(options);
    Thread hook = new Thread(process::destroy, "stack-detach-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    Path log = DetachedState.log();
    int shown = 0;
    while (true) {
      boolean ended = !process.isAlive();
      Optional<DetachedState.Saved> saved =
          DetachedState.saved().filter(state -> state.supervisor() == process.pid());
      shown = show(log, shown);
      if (saved.isPresent()) {
        Runtime.getRuntime().removeShutdownHook(hook);
        return saved.get().rows();
      }
      if (ended) {
        throw new StackException("The detached stack did not start. Its log: " + log);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Prints the complete log lines after the first {@code shown}; returns how many are now printed.
   */
  private static int show(Path log, int shown) {
    try {
      String text = Files.readString(log, StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      System.err.print(text.substring(Math.min(shown, end), end));
      return Math.max(shown, end);
    } catch (IOException e) {
      return shown;
    }
  }

  private static Process spawn(StackOptions options) {
    List<String> words = new ArrayList<>();
    // The process must survive Ctrl-C and the end of the terminal.
    words.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "dimstore-stack"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    words.add("-XX:+UseSerialGC");
    words.add("-D" + ProjectHome.PROPERTY + "=" + ProjectHome.find());
    // Both processes use the same folders.
    for (String folder : List.of("java.io.tmpdir", "user.home")) {
      words.add("-D" + folder + "=" + System.getProperty(folder));
    }
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(StackMain.class.getName());
    words.addAll(arguments(options));
    Path log = DetachedState.log();
    try {
      Files.createDirectories(log.getParent());
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(Path.of("/").toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(log.toFile());
      builder.environment().putAll(options.environment());
      return builder.start();
    } catch (IOException e) {
      throw new StackException("The detached stack cannot be started: " + e, e);
    }
  }

  /** Returns the command line with which the detached process starts the servers. */
  static List<String> arguments(StackOptions options) {
    List<String> words = new ArrayList<>(List.of("up", "--supervise", "--only"));
    words.add(options.servers().stream().sorted().map(Server::id).collect(Collectors.joining(",")));
    for (Map.Entry<Server, Integer> port : options.ports().entrySet()) {
      words.add("--port");
      words.add(port.getKey().id() + "=" + port.getValue());
    }
    if (options.regionServers() > 0) {
      words.add("--hdfs=" + options.regionServers());
    }
    if (options.taskManagers() > 1) {
      words.addAll(List.of("--taskmanagers", Integer.toString(options.taskManagers())));
    }
    if (options.highAvailability()) {
      words.add("--ha");
    }
    words.addAll(List.of("--timeout", DurationText.of(options.timeout())));
    return words;
  }

  /** Runs the servers in the detached process until the process is ended or a server ends. */
  static int supervise(StackOptions options) throws InterruptedException {
    FileLock lock =
        DetachedState.take()
            .orElseThrow(() -> new StackException("Another detached stack has just been started."));
    try (LocalStack stack = LocalStack.start(options)) {
      DetachedState.save(
          new DetachedState.Saved(ProcessHandle.current().pid(), UpCommand.rows(stack)));
      ServerExit exit = UpCommand.awaitExit(stack);
      System.err.println("stack: " + exit.message());
      return ExitCodes.FAILED;
    } catch (IOException e) {
      throw new StackException("The addresses cannot be saved: " + e, e);
    } finally {
      // The operating system releases the lock when the process ends. The reference keeps the lock
      // from being garbage-collected earlier.
      Reference.reachabilityFence(lock);
    }
  }

  /** Returns the servers of the running detached stack, or empty if none is ready. */
  static Optional<List<OutputFormat.Row>> status() {
    return DetachedState.isHeld()
        ? DetachedState.saved().map(DetachedState.Saved::rows)
        : Optional.empty();
  }

  /** Returns the reason why {@link #status} is empty. */
  static String whyNotUp() {
    if (DetachedState.isHeld()) {
      return "the detached stack is starting";
    }
    return DetachedState.saved().isPresent()
        ? "the detached stack has ended by itself; its log: "
            + DetachedState.log()
            + KeptLogs.quote(KeptLogs.lastLines(DetachedState.log()))
        : "there is no detached stack; 'stack up --detach' starts one";
  }

  /**
   * Ends the detached stack and waits until it has ended. Returns false if no stack was running.
   */
  static boolean stop() throws InterruptedException {
    boolean held = DetachedState.isHeld();
    Optional<ProcessHandle> supervisor =
        held
            ? DetachedState.saved().flatMap(saved -> ProcessHandle.of(saved.supervisor()))
            : Optional.empty();
    if (held && supervisor.isEmpty()) {
      throw new StackException("The detached stack is just starting or ending. Try again.");
    }
    supervisor.ifPresent(DetachedStack::end);
    DetachedState.forget();
    return held;
  }

  private static void end(ProcessHandle supervisor) {
    supervisor.destroy();
    try {
      supervisor.onExit().orTimeout(SECONDS_TO_END, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      // The guards then kill the servers and remove their folders.
      supervisor.destroyForcibly();
    }
  }
}
