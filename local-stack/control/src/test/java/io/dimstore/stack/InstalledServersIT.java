// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.server.ProjectHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts servers in a project that knows dimstore as artifacts alone: copies of them outside of the
 * checkout are on the class path, and no property names the checkout.
 */
class InstalledServersIT {

  private static final String PICOCLI = String.join(File.separator, "", "info", "picocli", "");

  @TempDir Path folder;

  /** The class path of this test with copies of this project's artifacts. */
  private String classPath = "";

  @BeforeEach
  void copyArtifacts() throws IOException {
    Path copies = Files.createDirectory(folder.resolve("artifacts"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(isOurs(entry) ? copy(Path.of(entry), copies).toString() : entry);
    }
    classPath = String.join(File.pathSeparator, entries);
  }

  @Test
  void serversAreStartedFromTheirArtifacts() throws Exception {
    Process process = start(repository());

    assertThat(process.waitFor()).as(output()).isZero();
    assertThat(output())
        .contains("servers: hbase, kafka, dynamodb, redis, flink")
        .contains("running: kafka, redis")
        .doesNotContain(ProjectHome.find().toString());
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void anArtifactThatIsMissingIsNamedWithTheCommandThatBringsIt() throws Exception {
    Process process = start(folder);

    assertThat(process.waitFor()).isNotZero();
    assertThat(output())
        .contains("An artifact of kafka is missing from the local Maven repository: " + folder)
        .contains("dependency:resolve");
  }

  private Process start(Path repository) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Ddimstore.repository=" + repository,
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                "-cp",
                classPath,
                InstalledServersProgram.class.getName())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private static boolean isOurs(String entry) {
    return entry.startsWith(ProjectHome.find().toString())
        || entry.contains(String.join(File.separator, "", "io", "dimstore", ""));
  }

  private static Path repository() {
    String picocli =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains(PICOCLI))
            .collect(Collectors.joining());
    return Path.of(picocli.substring(0, picocli.indexOf(PICOCLI)));
  }

  private static Path copy(Path artifact, Path parent) throws IOException {
    Path copies = Files.createTempDirectory(parent, "artifact-");
    if (!Files.isDirectory(artifact)) {
      return Files.copy(artifact, copies.resolve(artifact.getFileName()));
    }
    try (Stream<Path> files = Files.walk(artifact)) {
      for (Path file : files.toList()) {
        Path copy = copies.resolve(artifact.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return copies;
  }
}
