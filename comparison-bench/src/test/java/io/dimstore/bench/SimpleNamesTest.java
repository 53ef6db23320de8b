// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A simple name of a class stands for one concept in all modules. */
class SimpleNamesTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  /** The same role in each store, in each store's benchmark, or in each group of commands. */
  private static final Map<String, String> SAME_ROLE =
      Map.of(
          "ControlTable", "the table of shared records of a store",
          "Failures", "maps the failures of a vendor's client",
          "MeasuredStore", "opens a store to be measured",
          "MirrorOptions", "the options of the store 'mirror', as it declares them and as given",
          "ReadCall", "one call of get in a store",
          "ReplayCommand", "the command 'replay' of 'events' and of 'migrate'",
          "SplitToken", "the token of a store's splits",
          "StatusCommand", "the command 'status' of 'stack' and of 'migrate'",
          "TableAdmin", "creates and validates tables of a store",
          "TableRules", "what a store requires of a table");

  @Test
  void noTwoClassesOfMainCodeShareASimpleName() throws IOException {
    Map<String, Set<String>> packages = new TreeMap<>();
    for (Path file : mainFiles()) {
      String name = file.getFileName().toString().replace(".java", "");
      if (!name.equals("package-info")) {
        packages
            .computeIfAbsent(name, key -> new TreeSet<>())
            .add(HOME.relativize(file.getParent()).toString());
      }
    }
    assertThat(packages).containsKey("DimensionStore").hasSizeGreaterThan(700);
    packages.values().removeIf(folders -> folders.size() == 1);
    assertThat(packages.keySet())
        .as("names of classes in several packages: %s", packages)
        .isEqualTo(new TreeSet<>(SAME_ROLE.keySet()));
  }

  private static List<Path> mainFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path module : folders(2)) {
      Path code = module.resolve("src/main/java");
      if (Files.isDirectory(code)) {
        try (Stream<Path> all = Files.walk(code)) {
          all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    return files;
  }

  /** Returns the folders of the project up to a depth. */
  private static List<Path> folders(int depth) throws IOException {
    try (Stream<Path> all =
        Files.find(HOME, depth, (path, attributes) -> attributes.isDirectory())) {
      return all.toList();
    }
  }
}
