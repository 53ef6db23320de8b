// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.command.StackMain;
import io.dimstore.stack.server.ProjectHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The stack command in its own JVM, with its own temp folder, state folder and home. */
public final class StackProcess {

  private static final Pattern PID = Pattern.compile("\"pid\": (\\d+)");

  private final Process process;
  private final Path out;
  private final Path err;

  private StackProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static StackProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, ProjectHome.find(), arguments);
  }

  static StackProcess start(Path folder, Path home, String... arguments) throws IOException {
    return start(folder, home, Map.of(), arguments);
  }

  public static StackProcess start(
      Path folder, Path home, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:-UsePerfData", "-Ddimstore.home=" + home));
    words.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(StackMain.class.getName());
    words.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
    // With it, java prints a note to standard error.
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    builder.environment().putAll(environment);
    return new StackProcess(builder.start(), out, err);
  }

  /** Runs the command and waits until it has ended. */
  public static StackProcess run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    return start(folder, arguments).awaitEnd();
  }

  public StackProcess awaitEnd() throws InterruptedException {
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the command has not ended after three minutes: " + err());
    }
    return this;
  }

  Process process() {
    return process;
  }

  public int exitCode() {
    return process.exitValue();
  }

  public String out() {
    return read(out);
  }

  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the command has printed the addresses as JSON. */
  StackProcess awaitUp() {
    Await.until(
        "the addresses are printed",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the command has ended: " + err());
          }
          return out().endsWith("}\n");
        });
    return this;
  }

  /** Returns the processes of the servers, read from the JSON output. */
  public List<ProcessHandle> servers() {
    Matcher matcher = PID.matcher(out());
    List<ProcessHandle> servers = new ArrayList<>();
    while (matcher.find()) {
      servers.add(ProcessHandle.of(Long.parseLong(matcher.group(1))).orElseThrow());
    }
    return servers;
  }

  /** Returns the same and the processes that they have started. */
  List<ProcessHandle> serversAndTheirChildren() {
    return servers().stream()
        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
        .toList();
  }

  static void signal(long pid, String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
  }

  /** Returns the files left in the temp folder of the command and its servers. */
  public static List<Path> leftIn(Path folder) {
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      return files.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
