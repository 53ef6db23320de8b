// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the tests of all modules in their sources, because no class path has all of them. */
final class TestSources {

  private static final Pattern TEST =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|RepeatedTest)\\b(?:[^;{}]|\\{[^{}]*\\})*?\\bvoid (\\w+)\\(");

  private final Map<String, List<String>> methods = new HashMap<>();

  /** Reads the test sources below a folder. */
  TestSources(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(this::add);
    }
  }

  private void add(Path file) {
    try {
      List<String> found =
          TEST.matcher(Files.readString(file)).results().map(match -> match.group(1)).toList();
      String name = file.getFileName().toString().replace(".java", "");
      methods.merge(
          name, found, (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether there is this test: {@code Class.method}, or a class that has tests. */
  boolean has(String test) {
    Matcher parts = Pattern.compile("(\\w+)(?:\\.(\\w+))?").matcher(test);
    if (!parts.matches()) {
      return false;
    }
    List<String> found = methods.getOrDefault(parts.group(1), List.of());
    return parts.group(2) == null ? !found.isEmpty() : found.contains(parts.group(2));
  }
}
