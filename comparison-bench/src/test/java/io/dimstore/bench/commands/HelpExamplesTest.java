// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The examples of each help text can be copied to a shell: the shell reads them as calls of the
 * launcher, and the commands accept the words of each call.
 */
class HelpExamplesTest {

  private static final String HEADING = "\\n *Examples?:\\R";

  /** Ends a call in the record of the stand-in for the launcher. */
  private static final String END = "\u001e";

  @TempDir Path folder;

  static Stream<String> names() {
    return AllCommands.all().stream().map(command -> command.qualifiedName());
  }

  @ParameterizedTest
  @MethodSource("names")
  void examplesOfACommandAreAccepted(String name) throws Exception {
    String help =
        AllCommands.all().stream()
            .filter(command -> command.qualifiedName().equals(name))
            .map(command -> command.commandLine().getUsageMessage())
            .findFirst()
            .orElseThrow();
    assertAccepted(help, name);
  }

  @Test
  void examplesOfTheLauncherAreAccepted() throws Exception {
    Path launcher = Path.of(System.getProperty("dimstore.home"), "bin", "dimstore");
    Process help = new ProcessBuilder(launcher.toString(), "--help").start();
    assertAccepted(
        new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8), "bin/dimstore");
  }

  private void assertAccepted(String help, String name) throws Exception {
    List<List<String>> calls = calls(examples(help));
    assertThat(calls).as(help).isNotEmpty();
    assertThat(calls)
        .allSatisfy(
            call -> assertThat(String.join(" ", call)).startsWith(name.replaceFirst("\\S+ ?", "")));
    assertThat(calls).allSatisfy(HelpExamplesTest::assertParsed);
  }

  /** Returns the lines between the heading and the next empty line. */
  private static String examples(String help) {
    String[] parts = help.split(HEADING, 2);
    assertThat(parts).as(help).hasSize(2);
    return parts[1].split("\\R\\R", 2)[0] + "\n";
  }

  /** Runs the lines in a shell and returns the arguments of each call of the launcher. */
  private List<List<String>> calls(String lines) throws IOException, InterruptedException {
    Path launcher = Files.createDirectories(folder.resolve("bin")).resolve("dimstore");
    Files.writeString(
        launcher,
        "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done >>calls\necho '"
            + END
            + "' >>calls\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Path script = Files.writeString(folder.resolve("examples"), lines);
    Process shell =
        new ProcessBuilder("/bin/sh", "-eu", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(shell.exitValue()).as(lines + output).isZero();
    assertThat(output).as(lines).isEmpty();
    return Arrays.stream(Files.readString(folder.resolve("calls")).split(END + "\n"))
        .map(call -> call.lines().toList())
        .toList();
  }

  private static void assertParsed(List<String> call) {
    List<String> words = new ArrayList<>(call);
    CommandLine program = program(words.get(0));
    if (!program.getSubcommands().containsKey(words.get(0))) {
      words.remove(0);
    }
    assertThatCode(() -> program.parseArgs(words.toArray(String[]::new)))
        .as("bin/dimstore " + String.join(" ", call))
        .doesNotThrowAnyException();
  }

  /** Returns the program that the launcher runs for its first argument. */
  private static CommandLine program(String first) {
    List<CommandLine> found =
        AllCommands.programs().stream()
            .filter(
                program ->
                    program.getCommandSpec().qualifiedName().equals("bin/dimstore " + first)
                        || (program.getCommandSpec().qualifiedName().equals("bin/dimstore")
                            && program.getSubcommands().containsKey(first)))
            .collect(Collectors.toList());
    assertThat(found).as("programs of " + first).hasSize(1);
    return found.get(0);
  }
}
