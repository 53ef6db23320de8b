// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramJarsTest {

  @TempDir Path folder;

  @Test
  void jarsOfFlinkAndOfServersAreLeftOutAndConnectorsAreNot() throws IOException {
    assertThat(
            jars(
                "feature-job-1.jar",
                "flink-core-1.20.4.jar",
                "flink-table-planner_2.12-1.20.4.jar",
                "flink-connector-base-1.20.4.jar",
                "flink-connector-kafka-3.4.0-1.20.jar",
                "flink-connector-dim-1.jar",
                "flink-sql-connector-dim-dynamodb-1.jar",
                "slf4j-api-1.7.36.jar",
                "log4j-core-2.24.3.jar",
                "scala-library-2.12.15.jar",
                "local-stack-redis-server-1.jar",
                "kafka-clients-3.9.2.jar"))
        .containsExactly(
            "feature-job-1.jar",
            "flink-connector-kafka-3.4.0-1.20.jar",
            "flink-connector-dim-1.jar",
            "flink-sql-connector-dim-dynamodb-1.jar",
            "kafka-clients-3.9.2.jar");
  }

  @Test
  void aFolderOfClassesBecomesAJar() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(classes.resolve("META-INF/services/org.example.Service"), "org.example.Own");

    List<Path> jars = ProgramJars.of(classes.toString(), folder);

    assertThat(jars).hasSize(1);
    try (JarFile jar = new JarFile(jars.get(0).toFile())) {
      assertThat(jar.getInputStream(jar.getJarEntry("META-INF/services/org.example.Service")))
          .hasContent("org.example.Own");
    }
  }

  @Test
  void entriesThatDoNotExistAreLeftOut() throws IOException {
    assertThat(ProgramJars.of(folder.resolve("missing.jar").toString(), folder)).isEmpty();
  }

  private List<String> jars(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(folder.resolve(name));
    }
    String classPath =
        Arrays.stream(names)
            .map(name -> folder.resolve(name).toString())
            .collect(Collectors.joining(File.pathSeparator));
    return ProgramJars.of(classPath, folder).stream()
        .map(jar -> jar.getFileName().toString())
        .toList();
  }
}
