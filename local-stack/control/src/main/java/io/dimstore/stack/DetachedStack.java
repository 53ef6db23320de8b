package io.dimstore.stack;

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

/** A stack in a process of its own that goes on when the command that started it has returned. */
final class DetachedStack {

  private static final long POLL_MILLIS = 50;
  private static final long SECONDS_TO_END = 30;

  private DetachedStack() {}

  /** Starts the process and waits until its servers are ready; its progress is shown meanwhile. */
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

  /** Prints the whole lines of the log beyond those shown, and says how many are shown now. */
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
    // The terminal's Ctrl-C and its end are not for a process that stays.
    words.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "dimstore-stack"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    words.add("-XX:+UseSerialGC");
    words.add("-D" + ProjectHome.PROPERTY + "=" + ProjectHome.find());
    words.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(StackMain.class.getName(), "up", "--supervise"));
    words.add("--only");
    words.add(options.servers().stream().sorted().map(Server::id).collect(Collectors.joining(",")));
    for (Map.Entry<Server, Integer> port : options.ports().entrySet()) {
      words.add("--port");
      words.add(port.getKey().id() + "=" + port.getValue());
    }
    if (options.regionServers() > 0) {
      words.add("--hdfs=" + options.regionServers());
    }
    words.addAll(List.of("--timeout", Long.toString(options.timeout().toSeconds())));
    Path log = DetachedState.log();
    try {
      Files.createDirectories(log.getParent());
      return new ProcessBuilder(words)
          .directory(Path.of("/").toFile())
          .redirectInput(Path.of("/dev/null").toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(log.toFile())
          .start();
    } catch (IOException e) {
      throw new StackException("The detached stack cannot be started: " + e, e);
    }
  }

  /** What the detached process does: it runs the servers until it is told to end. */
  static int supervise(StackOptions options) throws InterruptedException {
    FileLock lock =
        DetachedState.take()
            .orElseThrow(() -> new StackException("Another detached stack has just been started."));
    try (LocalStack stack = LocalStack.start(options)) {
      DetachedState.save(
          new DetachedState.Saved(ProcessHandle.current().pid(), UpCommand.rows(stack)));
      ServerExit exit = UpCommand.awaitExit(stack);
      System.err.println("stack: " + exit.message());
      return 1;
    } catch (IOException e) {
      throw new StackException("The addresses cannot be saved: " + e, e);
    } finally {
      // The lock ends with the process; the reference keeps it from being collected before.
      Reference.reachabilityFence(lock);
    }
  }

  /** The servers of the detached stack that runs. */
  static Optional<List<OutputFormat.Row>> status() {
    return DetachedState.isHeld()
        ? DetachedState.saved().map(DetachedState.Saved::rows)
        : Optional.empty();
  }

  /** The reason for an absent {@link #status}. */
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

  /** Ends the detached stack and waits until it is gone; false where there was none. */
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
      // The guards of its servers see to the rest.
      supervisor.destroyForcibly();
    }
  }
}
