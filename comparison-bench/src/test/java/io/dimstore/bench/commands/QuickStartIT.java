// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/quickstart.md in one shell, as its reader does. */
class QuickStartIT {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|[^,}]*)");

  /**
   * How many rows were copied, and how many absences Redis has cached, depends on how fast Redis
   * was.
   */
  private static final Pattern COPIED =
      Pattern.compile("\\d+ examined = \\d+ in step \\+ \\d+ not copied");

  private static final Pattern SIZE = Pattern.compile("^(item bytes .* all|stored bytes) +[0-9,]+");

  @TempDir Path folder;

  /**
   * One step of the page.
   *
   * @param commands the lines of a block of commands
   * @param output the lines of the block of output that follows it, or none
   */
  private record Step(List<String> commands, List<String> output) {}

  @Test
  void theCommandsOfThePagePrintWhatItShows() throws Exception {
    List<Step> steps = steps(Files.readAllLines(HOME.resolve("docs/quickstart.md")));
    assertThat(steps).hasSizeGreaterThan(6);

    int exitCode = run(script(steps));

    for (int i = 0; i < steps.size(); i++) {
      Path out = folder.resolve("out" + i);
      Path err = folder.resolve("err" + i);
      assertThat(out).as("%s ran; exit code %d", steps.get(i).commands(), exitCode).exists();
      assertThat(Files.readAllLines(err))
          .as("standard error of %s", steps.get(i).commands())
          .noneMatch(line -> line.startsWith("\tat "));
      if (!steps.get(i).output().isEmpty()) {
        assertThat(comparable(Files.readAllLines(out)))
            .as("%s; standard error:%n%s", steps.get(i).commands(), Files.readString(err))
            .containsPattern(pattern(steps.get(i).output()));
      }
    }
    assertThat(exitCode).as("exit code of the shell, which ends at the first failure").isZero();
  }

  private static List<Step> steps(List<String> page) {
    List<Step> steps = new ArrayList<>();
    List<String> block = null;
    boolean afterCommands = false;
    for (String line : page) {
      if (!line.startsWith("```")) {
        if (block != null) {
          block.add(line);
        } else if (!line.isBlank()) {
          afterCommands = false;
        }
      } else if (block != null) {
        block = null;
      } else if (line.equals("```sh")) {
        block = new ArrayList<>();
        steps.add(new Step(block, new ArrayList<>()));
        afterCommands = true;
      } else {
        assertThat(afterCommands).as("output follows commands at once").isTrue();
        block = steps.get(steps.size() - 1).output();
      }
    }
    return steps;
  }

  /** The blocks run in one shell, so that the variables of the first one last. */
  private String script(List<Step> steps) {
    StringBuilder script = new StringBuilder("set -e\n");
    for (int i = 0; i < steps.size(); i++) {
      script
          .append("{\n")
          .append(String.join("\n", steps.get(i).commands()))
          .append(
              "\n} >'%s' 2>'%s'%n".formatted(folder.resolve("out" + i), folder.resolve("err" + i)));
    }
    return script.toString();
  }

  private int run(String script) throws IOException, InterruptedException {
    Path state = folder.resolve("state");
    ProcessBuilder shell = shell(script, state);
    Process process = shell.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("the commands end").isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      // Stops the servers if the commands did not come that far.
      shell("bin/dimstore stack down", state).start().waitFor();
    }
  }

  private ProcessBuilder shell(String script, Path state) {
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", "-c", script)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
    shell.environment().put("DIMSTORE_NO_BUILD", "1");
    shell.environment().put("DIMSTORE_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    shell.environment().put("XDG_STATE_HOME", state.toString());
    return shell;
  }

  /** Returns the pattern of an output of the page, in which a line of dots is any lines. */
  private static Pattern pattern(List<String> lines) {
    return Pattern.compile(
        lines.stream()
            .map(
                line ->
                    line.equals("...")
                        ? "(?s:.*?)"
                        : Pattern.quote(comparable(List.of(line))) + "\\n?")
            .collect(Collectors.joining("", "\\A", "\\z")));
  }

  /**
   * Returns the lines without what varies: values of records, how many keys were copied, and sizes.
   * A number takes fewer bytes when it ends with zeros, as one of ten times does.
   */
  private static String comparable(List<String> lines) {
    return lines.stream()
        .map(line -> line.startsWith("{") ? FIELD.matcher(line).replaceAll("$1") : line)
        .map(line -> SIZE.matcher(line).replaceAll("$1 N"))
        .map(line -> COPIED.matcher(line).replaceAll("N examined = N in step + N not copied"))
        .collect(Collectors.joining("\n"));
  }
}
