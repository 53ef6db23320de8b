// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program of Flink that runs in a process of its own. Its class path is that of Flink, without
 * anything of dimstore. Its jobs run in the same process, in a Flink cluster for each job, which
 * loads the classes of a job as any cluster does.
 */
final class FlinkProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Matcher> found = new CompletableFuture<>();
  private final Thread reader;

  private FlinkProcess(Process process, Pattern awaited) {
    this.process = process;
    this.reader = new Thread(() -> read(awaited), "output of " + process.pid());
    reader.start();
  }

  /**
   * Starts a program.
   *
   * @param folder an empty folder for its configuration
   * @param lib jars that are on the class path beside those of Flink, as in the folder lib of Flink
   * @param awaited what {@link #await} waits for in a line of the program's output
   */
  static FlinkProcess start(
      Path folder, List<Path> lib, Pattern awaited, String main, String... arguments)
      throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "execution.target: local\n");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx768m");
    command.add("-Dlog4j2.level=INFO");
    command.addAll(Arrays.asList(System.getProperty("jvm.opens").strip().split(" +", -1)));
    command.add("-classpath");
    command.add(String.join(File.pathSeparator, classPath(lib)));
    command.add(main);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FLINK_CONF_DIR", folder.toString());
    return new FlinkProcess(builder.start(), awaited);
  }

  private static List<String> classPath(List<Path> lib) throws Exception {
    List<String> entries = new ArrayList<>();
    entries.add(
        Path.of(SqlScriptMain.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString());
    String written = Files.readString(Path.of("target/flink-classpath")).strip();
    entries.addAll(Arrays.asList(written.split(File.pathSeparator, -1)));
    assertThat(entries).noneMatch(entry -> entry.contains("io/dimstore/"));
    lib.forEach(jar -> entries.add(jar.toString()));
    return entries;
  }

  private void read(Pattern awaited) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        Matcher matcher = awaited.matcher(line);
        if (matcher.find()) {
          found.complete(matcher);
        }
      }
      found.completeExceptionally(new AssertionError("not in the output: " + awaited));
    } catch (IOException | UncheckedIOException e) {
      found.completeExceptionally(e);
    }
  }

  /**
   * Returns the match in the first line of the output that has the awaited text, as soon as that
   * line is there.
   *
   * @throws AssertionError with the whole output if the program ends before
   */
  Matcher await() {
    try {
      return found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new AssertionError(output(), e);
    }
  }

  /** Waits until the program has ended, and asserts that it did so without an error. */
  void awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
        .as(this::output)
        .isTrue();
    reader.join();
    assertThat(process.exitValue()).as(this::output).isZero();
  }

  /** Returns what the program has printed so far. */
  String output() {
    return String.join("\n", output);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
