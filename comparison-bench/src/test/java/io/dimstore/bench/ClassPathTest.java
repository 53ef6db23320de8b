// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * All programs share one class path. If two files on it have the same name, only the first is
 * visible.
 */
class ClassPathTest {

  @Test
  void noTwoModulesHaveAFileOfOneName() throws Exception {
    Map<String, List<String>> owners = new TreeMap<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (isOurs(entry)) {
        for (String file : files(Path.of(entry))) {
          owners.computeIfAbsent(file, name -> new ArrayList<>()).add(entry);
        }
      }
    }
    assertThat(owners).isNotEmpty();
    owners.values().removeIf(modules -> modules.size() == 1);
    assertThat(owners).isEmpty();
  }

  private static boolean isOurs(String entry) {
    String home = System.getProperty("dimstore.home");
    return (entry.startsWith(home) && !entry.contains("test-classes"))
        || entry.contains(String.join(File.separator, "io", "dimstore", ""));
  }

  private static List<String> files(Path entry) throws IOException {
    if (Files.isDirectory(entry)) {
      try (Stream<Path> files = Files.walk(entry)) {
        return files
            .filter(Files::isRegularFile)
            .map(file -> entry.relativize(file).toString())
            .filter(ClassPathTest::counts)
            .toList();
      }
    }
    try (ZipFile jar = new ZipFile(entry.toString())) {
      return jar.stream()
          .filter(file -> !file.isDirectory())
          .map(file -> file.getName())
          .filter(ClassPathTest::counts)
          .toList();
    }
  }

  private static boolean counts(String file) {
    return !file.startsWith("META-INF");
  }
}
