// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code bin/dimstore} as users do, on the classes that Maven has just built. */
final class Launcher {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private Launcher() {}

  /** Runs a program. Fails unless it ends successfully within five minutes. */
  static void run(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/dimstore").toString()));
    command.addAll(words);
    File output = Files.createTempFile("dimstore", ".log").toFile();
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
      builder
          .environment()
          .putAll(Map.of("DIMSTORE_NO_BUILD", "1", "JAVA_HOME", System.getProperty("java.home")));
      Process program = builder.start();
      boolean ended = program.waitFor(5, TimeUnit.MINUTES);
      if (!ended) {
        program.destroyForcibly();
      }
      String said = Files.readString(output.toPath());
      assertThat(ended).as("ends: %s said%n%s", words, said).isTrue();
      assertThat(program.exitValue()).as("exit code: %s said%n%s", words, said).isZero();
    } finally {
      Files.delete(output.toPath());
    }
  }

  /** Returns an option for each entry of a map. */
  static List<String> repeated(String option, Map<String, String> values) {
    List<String> words = new ArrayList<>();
    values.forEach((name, value) -> words.addAll(List.of(option, name + "=" + value)));
    return words;
  }
}
