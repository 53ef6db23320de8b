// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Checks that a SQL jar adds nothing to Flink's class path but packages of its own. */
class SqlJarContentIT {

  static final List<Path> JARS = SqlJars.ALL;

  private static final String SERVICES = "META-INF/services/";

  /** A line of the list of libraries: {@code (licence) name (group:artifact:version - address)}. */
  private static final Pattern LIBRARY =
      Pattern.compile(" *((?:\\([^)]*\\) ?)+) .* \\(([^:( ]+):([^: ]+):([^: ]+) - .*\\)");

  @ParameterizedTest
  @FieldSource("JARS")
  void allFilesAreBelowItsOwnPackages(Path path) throws IOException {
    try (ZipFile jar = new ZipFile(path.toFile())) {
      assertThat(names(jar))
          .isNotEmpty()
          .allMatch(name -> name.startsWith("io/dimstore/") || name.startsWith("META-INF/"))
          .noneMatch(name -> name.startsWith("META-INF/") && name.endsWith(".class"));
    }
  }

  @ParameterizedTest
  @FieldSource("JARS")
  void servicesNameItsOwnClasses(Path path) throws IOException {
    try (ZipFile jar = new ZipFile(path.toFile())) {
      Set<String> names = names(jar);
      List<String> services = names.stream().filter(name -> name.startsWith(SERVICES)).toList();
      assertThat(services)
          .contains(
              SERVICES + "org.apache.flink.table.factories.Factory",
              SERVICES + "io.dimstore.spi.DimensionStoreFactory");
      assertThat(services)
          .filteredOn(name -> !name.endsWith("org.apache.flink.table.factories.Factory"))
          .allMatch(name -> name.startsWith(SERVICES + "io.dimstore."));
      for (String service : services) {
        List<String> classes =
            text(jar, service)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(classes)
            .as(service)
            .isNotEmpty()
            .allMatch(name -> names.contains(name.replace('.', '/') + ".class"));
      }
    }
  }

  /** Licences with a text of their own need that text; the Apache licence is there once. */
  @ParameterizedTest
  @FieldSource("JARS")
  void licenceOfEachLibraryIsThere(Path path) throws IOException {
    try (ZipFile jar = new ZipFile(path.toFile())) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/NOTICE")).contains("META-INF/THIRD-PARTY.txt");
      List<String> withoutText = new ArrayList<>();
      int libraries = 0;
      for (String line : text(jar, "META-INF/THIRD-PARTY.txt").lines().toList()) {
        Matcher library = LIBRARY.matcher(line);
        if (library.matches()) {
          libraries++;
          boolean needsText = !library.group(1).matches(".*(Apache-2\\.0|Public domain|MIT-0).*");
          if (needsText && texts(jar, library.group(3)).isEmpty()) {
            withoutText.add(line.strip());
          }
        }
      }
      assertThat(libraries).isPositive();
      assertThat(withoutText).isEmpty();
    }
  }

  private static List<String> texts(ZipFile jar, String artifact) {
    return names(jar).stream()
        .filter(name -> name.startsWith("META-INF/third-party/" + artifact + "/"))
        .toList();
  }

  private static Set<String> names(ZipFile jar) {
    return jar.stream()
        .filter(entry -> !entry.isDirectory())
        .map(ZipEntry::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(ZipFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name).isNotNull();
    return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }
}
