// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.server.ProjectHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that runs all commands. */
class LauncherIT {

  private static final Path LAUNCHER = ProjectHome.find().resolve("bin").resolve("dimstore");

  @TempDir Path folder;

  private record Result(int exitCode, String out, String err) {}

  private Result run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(launcher.toString());
    words.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    // With it, java prints a note to standard error.
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().put("DIMSTORE_NO_BUILD", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void helpListsTheCommandsOnStandardOutput() throws Exception {
    Result help = run(LAUNCHER, Map.of(), "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .contains("compare ", "stack ", "events ", "write ", "feature ", "job ", "bench ");
  }

  @Test
  void aMissingCommandIsWrongUsage() throws Exception {
    Result nothing = run(LAUNCHER, Map.of());
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err()).startsWith("Usage: bin/dimstore");
  }

  @Test
  void anUnknownCommandIsReportedWithTheKnownOnes() throws Exception {
    Result unknown = run(LAUNCHER, Map.of(), "comprae");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .hasLineCount(1)
        .startsWith(
            "error: there is no command 'comprae'; there are compare stack events topic write"
                + " feature job migrate bench forecast.");
  }

  @Test
  void theVersionIsThatOfTheProject() throws Exception {
    Result version = run(LAUNCHER, Map.of(), "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).matches("dimstore \\d+\\.\\d+.*\\R");
  }

  @Test
  void aSymbolicLinkToTheLauncherFindsTheProject() throws Exception {
    Path first = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER);
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("first"));
    assertThat(first).isSymbolicLink();
    Result help = run(second, Map.of(), "stack", "--help");
    assertThat(help.exitCode()).as(help.err()).isZero();
    assertThat(help.out()).contains("bin/dimstore stack");
  }

  @Test
  void aCopyWithoutABuildNamesTheRemedy() throws Exception {
    Path copy = Files.createDirectories(folder.resolve("copy").resolve("bin"));
    Path launcher = Files.copy(LAUNCHER, copy.resolve("dimstore"));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Result unbuilt = run(launcher, Map.of(), "stack", "status");
    assertThat(unbuilt.exitCode()).isEqualTo(1);
    assertThat(unbuilt.err())
        .contains("nothing is built yet")
        .contains("mvn -q -DskipTests package");
  }

  @Test
  void anotherJavaThan17IsRefusedUnless17IsFoundElsewhere() throws Exception {
    Path old = Files.createDirectories(folder.resolve("old").resolve("bin"));
    Path java =
        Files.writeString(
            old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Result found =
        run(LAUNCHER, Map.of("JAVA_HOME", old.getParent().toString()), "stack", "--help");
    // This test itself runs on Java 17, so the launcher finds one on the path or in the system's
    // usual folders.
    assertThat(found.exitCode()).as(found.err()).isZero();
  }
}
