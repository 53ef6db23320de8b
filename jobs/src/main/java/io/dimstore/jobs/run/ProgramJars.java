// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The jars of this program that a job needs on a Flink cluster. */
final class ProgramJars {

  /** What each cluster has: Flink with its logging and its compilers. */
  private static final List<String> OF_FLINK =
      List.of(
          "flink-",
          "log4j-",
          "slf4j-",
          "reload4j-",
          "scala-",
          "chill",
          "kryo-",
          "icu4j-",
          "frocksdbjni-",
          "async-profiler-",
          "janino-",
          "commons-compiler-",
          "value-");

  /** Connectors are not part of Flink, except for these. */
  private static final List<String> CONNECTORS_OF_FLINK =
      List.of("flink-connector-base-", "flink-connector-datagen-", "flink-connector-files-");

  /** Servers that tests and the comparison start. */
  private static final String SERVERS = "local-stack-";

  private ProgramJars() {}

  /**
   * Returns the jars of a class path without those that a cluster has. A folder of classes becomes
   * a jar in the given folder.
   */
  static List<Path> of(String classPath, Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String text : classPath.split(File.pathSeparator)) {
      Path entry = Path.of(text);
      if (Files.isDirectory(entry)) {
        jars.add(packed(entry, folder.resolve("classes-" + jars.size() + ".jar")));
      } else if (Files.exists(entry) && isNeeded(entry.getFileName().toString())) {
        jars.add(entry.toAbsolutePath());
      }
    }
    return jars;
  }

  private static boolean isNeeded(String jar) {
    if (jar.startsWith("flink-connector-") || jar.startsWith("flink-sql-connector-")) {
      return CONNECTORS_OF_FLINK.stream().noneMatch(jar::startsWith);
    }
    return !jar.startsWith(SERVERS) && OF_FLINK.stream().noneMatch(jar::startsWith);
  }

  private static Path packed(Path classes, Path jar) throws IOException {
    try (Stream<Path> files = Files.walk(classes);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(name));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
