// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.Await;
import io.dimstore.stack.server.ProjectHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the launcher builds, and which class path it takes from a build: on a small project with a
 * stand-in for Maven, and one for Java that prints its arguments.
 */
class LauncherBuildTest {

  private static final String SERVICE =
      "src/main/resources/META-INF/services/io.dimstore.spi.DimensionStoreFactory";

  /** What the launcher and the stand-ins run, but for {@code flock}. */
  private static final List<String> TOOLS =
      List.of(
          "awk cat cp dirname env find grep head mkdir mv readlink rm rmdir sed sh sleep tee touch tr"
              .split(" "));

  @TempDir Path folder;
  private Path home;
  private Path tools;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void makeAProject() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    tools = Files.createDirectories(folder.resolve("tools"));
    Files.createDirectories(home.resolve("bin"));
    script(home.resolve("bin/dimstore"), Files.readString(launcher()));
    write(
        home.resolve("pom.xml"), "<project>\n  <version>0.2</version>\n<jvm.opens></jvm.opens>\n");
    write(home.resolve("cli/pom.xml"), "<project/>");
    write(home.resolve("cli/src/main/java/Cli.java"), "class Cli {}");
    write(home.resolve("dim-store/third/pom.xml"), "<project/>");
    write(home.resolve("dim-store/third").resolve(SERVICE), "ThirdFactory");
    for (String tool : TOOLS) {
      offer(tool);
    }
    script(
        tools.resolve("java"),
        """
        #!/bin/sh
        [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
        echo "java $*"
        """);
    // The build waits for a file before it ends, if the project has a file that says so.
    script(
        tools.resolve("mvn"),
        """
        #!/bin/sh
        mkdir building || echo overlap >>builds
        echo build >>builds
        echo '[INFO] Building cli 0.2                                     [1/2]'
        echo '[INFO] Building jar: cli-0.2.jar'
        while [ -f hold ]; do sleep 0.05; done
        mkdir -p comparison-bench/target/classes local-stack/control/target/classes
        mkdir -p cli/target dim-store/third/target
        echo "$PWD/cli/target/cli-0.2.jar:/m2/org/amazon/utils/2.0/utils-2.0.jar" \\
          >comparison-bench/target/classpath
        cp comparison-bench/target/classpath local-stack/control/target/classpath
        version=$(sed -n 's#^  <version>\\(.*\\)</version>#\\1#p' pom.xml)
        : >"dim-store/third/target/dim-store-third-$version.jar"
        echo "/m2/io/dimstore/cli/0.2/cli-0.2.jar:/m2/com/foo/utils/1.0/utils-1.0.jar" \\
          >dim-store/third/target/classpath
        rmdir building
        """);
  }

  @AfterEach
  void endWhatWasStarted() {
    started.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    started.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoCommandsAtOnceBuildOneAfterTheOther(boolean withFlock) throws Exception {
    if (withFlock) {
      offer("flock");
    }
    Path hold = write(home.resolve("hold"), "");
    Process first;
    Process second;
    try {
      first = start("first", "compare");
      Await.until("Maven runs", () -> Files.exists(home.resolve("building")));
      second = start("second", "stack", "status");
      Await.until(
          "the second command waits, or builds too",
          () -> text("second").matches("(?s).*(waiting for another|building).*"));
    } finally {
      // Otherwise the builds would go on after a failure.
      Files.delete(hold);
    }

    assertThat(exitCode(first)).as(text("first")).isZero();
    assertThat(exitCode(second)).as(text("second")).isZero();
    assertThat(home.resolve("builds")).hasContent("build");
    assertThat(home.resolve("target/dimstore.lock")).doesNotExist();
    assertThat(text("second")).contains("java ");
  }

  @Test
  void modulesAreShownWhileTheyAreBuilt() throws Exception {
    Path hold = write(home.resolve("hold"), "");
    Process process;
    try {
      process = start("progress", "compare");
      Await.until("the module is shown", () -> text("progress").contains("dimstore: [1/2] cli\n"));
      assertThat(home.resolve("building")).isDirectory();
    } finally {
      Files.delete(hold);
    }

    assertThat(exitCode(process)).isZero();
    assertThat(text("progress")).contains("java ").doesNotContain("jar: cli", "[INFO]");
  }

  @Test
  void aFailedBuildReleasesTheLock() throws Exception {
    Path mvn = tools.resolve("mvn");
    String works = Files.readString(mvn);
    script(mvn, "#!/bin/sh\necho '[ERROR] broken'\nexit 1\n");
    assertThat(run("compare")).contains("[ERROR] broken", "the build failed");
    script(mvn, works);
    assertThat(run("compare")).contains("java ");
  }

  @Test
  void aJarOfAnotherVersionIsNotTaken() throws Exception {
    assertThat(run("compare")).contains("/dim-store-third-0.2.jar");
    write(home.resolve("pom.xml"), "<project>\n  <version>0.3</version>\n<jvm.opens/>\n");

    assertThat(run("compare"))
        .contains("/dim-store-third-0.3.jar")
        .doesNotContain("/dim-store-third-0.2.jar");
  }

  @Test
  void aStoreWithoutItsBuildIsBuiltAgain() throws Exception {
    run("compare");
    Files.delete(home.resolve("dim-store/third/target/classpath"));

    assertThat(run("compare")).contains("/dim-store-third-0.2.jar");
    assertThat(home.resolve("builds")).hasContent("build\nbuild");
  }

  @Test
  void aStoreThatNoBuildMakesIsNamed() throws Exception {
    write(home.resolve("dim-store/fourth").resolve(SERVICE), "FourthFactory");

    assertThat(run("compare"))
        .contains("dim-store-fourth-0.2.jar", "module of dim-store/pom.xml")
        .doesNotContain("java ");
  }

  @Test
  void artifactsOfOneNameAndTwoGroupsAreBothTaken() throws Exception {
    assertThat(run("compare"))
        .contains("/m2/org/amazon/utils/2.0/utils-2.0.jar")
        .contains("/m2/com/foo/utils/1.0/utils-1.0.jar")
        .contains(home + "/cli/target/cli-0.2.jar")
        .as("the programs have cli already")
        .doesNotContain("/m2/io/dimstore/cli");
  }

  @Test
  void aCopyOfTheProjectRunsItsOwnJars() throws Exception {
    run("compare");
    Path copy = folder.resolve("copy");
    assertThat(new ProcessBuilder("cp", "-Rp", home.toString(), copy.toString()).start().waitFor())
        .isZero();

    assertThat(output("copied", start("copied", copy, "compare")))
        .contains(copy + "/cli/target/cli-0.2.jar")
        .doesNotContain(home + "/");
    assertThat(copy.resolve("builds")).hasContent("build");
  }

  @Test
  void helpDoesNotBuildAgain() throws Exception {
    run("compare");
    Files.setLastModifiedTime(
        home.resolve("cli/src/main/java/Cli.java"), FileTime.from(Instant.now().plusSeconds(3600)));

    assertThat(run("compare", "--help")).contains("java ", "as of that build");
    assertThat(home.resolve("builds")).hasContent("build");
  }

  private String run(String... arguments) throws Exception {
    return output("run", start("run", arguments));
  }

  private String output(String log, Process process) throws Exception {
    exitCode(process);
    return text(log);
  }

  private Process start(String log, String... arguments) throws IOException {
    return start(log, home, arguments);
  }

  private Process start(String log, Path project, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(project.resolve("bin/dimstore").toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private String text(String log) {
    try {
      return Files.readString(folder.resolve(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path launcher() {
    return ProjectHome.find().resolve("bin").resolve("dimstore");
  }

  private void offer(String tool) throws IOException {
    Path found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .map(path -> Path.of(path, tool))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new AssertionError(tool + " is not on the PATH"));
    script(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
