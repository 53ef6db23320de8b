// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that a further store needs no edit outside of its folder: apart from the exceptions below,
 * no main code, resource, build file, script or image names a store. Examples in help texts do not
 * count, and neither do tests: they name the stores that they use, and a further store has its own.
 */
class StoreNamesTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private static final String BENCH = "comparison-bench/src/main/java/io/dimstore/bench/";

  private static final Map<String, String> EXCEPTIONS = exceptions();

  private static Map<String, String> exceptions() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("bom/pom.xml", "versions of the stores that other projects use");
    reasons.put("pom.xml", "a part of mirror that the tools of a migration are compiled against");
    reasons.put(
        "flink-sql-connector-dim/{dynamodb,hbase-redis}/**",
        "each is a jar with one of the stores");
    reasons.put("samples/**", "projects that use a store");
    reasons.put("comparison-bench/pom.xml", "the stores that bench measures");
    reasons.put(
        BENCH + "fixture/{hbaseredis,dynamodb}/**",
        "bench measures two stores against their vendors' clients");
    reasons.put(
        BENCH + "lookup/{*,arm/*}",
        "bench compares lookup joins of two stores with others on the same servers");
    reasons.put(
        "comparison-bench/src/main/resources/META-INF/dimstore/arms/stock-hbase.properties",
        "a baseline on the tables of hbase-redis");
    reasons.put(
        BENCH + "compare/report/ComparisonPage.java",
        "colours of the servers, of which one is dynamodb");
    reasons.put(
        "local-stack/control/src/main/java/io/dimstore/stack/{LocalStack,LocalStackExtension,StackOptions}.java",
        "typed addresses of servers, of which one is dynamodb, and of the user's DynamoDB");
    reasons.put(
        "migration/hbase-endpoint/{pom.xml,src/main/**}",
        "a part of HBase's region servers, which reads the layout of hbase-redis");
    reasons.put("migration/proof/pom.xml", "it tests migrations between two stores");
    reasons.put(
        "migration/demo/{pom.xml,src/main/**}",
        "it walks a migration between two stores, beside a program that writes one of them directly");
    reasons.put(
        "migration/tool/{pom.xml,src/main/**}",
        "it changes the modes of the store mirror, and is tested on the stores that it copies");
    reasons.put("{forecast/pom.xml,forecast/src/main/**}", "it forecasts the cost of DynamoDB");
    reasons.put(
        "docker/{pom.xml,flink/dimstore}", "images of the servers of two stores, and their tests");
    reasons.put(
        "{dim-writer,feature-job,flink-connector-dim,flink-2.2/connector,jobs,dim-store/tck}/pom.xml",
        "tests on the memory store");
    return reasons;
  }

  @Test
  void noStoreIsNamedOutsideOfItsFolder() throws IOException {
    Pattern name = namesOfStores();
    List<String> named = new ArrayList<>();
    TreeSet<String> needed = new TreeSet<>();
    for (Path file : files()) {
      String relative = HOME.relativize(file).toString();
      boolean hit =
          Files.readString(file)
              .lines()
              .filter(line -> !line.strip().startsWith("*"))
              .anyMatch(line -> name.matcher(line).find());
      if (hit && EXCEPTIONS.keySet().stream().noneMatch(glob -> matches(glob, relative))) {
        named.add(relative);
      }
      if (hit) {
        EXCEPTIONS.keySet().stream().filter(glob -> matches(glob, relative)).forEach(needed::add);
      }
    }
    assertThat(named).as("files that name a store: find it by ServiceLoader").isEmpty();
    assertThat(needed)
        .as("exceptions that are needed; remove the others from this test")
        .containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet());
  }

  /** Matches a store's id as a text of its own or as a value, its module, and its package. */
  private static Pattern namesOfStores() throws IOException {
    StringJoiner ids = new StringJoiner("|", "(", ")");
    StringJoiner packages = new StringJoiner("|", "(", ")");
    for (Path folder : StoreModules.folders()) {
      ids.add(Pattern.quote(folder.getFileName().toString()));
      String factory = StoreModules.factory(folder);
      packages.add(Pattern.quote(factory.substring(0, factory.lastIndexOf('.'))));
    }
    return Pattern.compile(
        String.join(
            "|",
            "[\"']" + ids + "[\"']",
            "=" + ids + "$",
            "dim-store-" + ids + "\\b",
            "^ *" + ids + "\\)",
            "\\b" + packages + "\\b"));
  }

  @Test
  void packageOfAStoreIsFound() throws IOException {
    assertThat(namesOfStores().matcher("import io.dimstore.h2.H2StoreFactory;").find()).isTrue();
    assertThat(namesOfStores().matcher("import io.dimstore.spi.Put;").find()).isFalse();
  }

  private static boolean matches(String glob, String file) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    return matcher.matches(Path.of(file));
  }

  /** Whether docker/build has put the file there, as it does with jars. */
  private static boolean isBuilt(String file) {
    return file.matches("docker/[^/]+/lib/.*");
  }

  private static List<Path> files() throws IOException {
    List<Path> stores = StoreModules.folders();
    try (Stream<Path> files = Files.walk(HOME)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> stores.stream().noneMatch(file::startsWith))
          .filter(
              file ->
                  HOME.relativize(file)
                      .toString()
                      .matches(
                          "(bin|\\.ci)/.*|pom\\.xml|docker/(?!src/|.*\\.md$).*"
                              + "|[^/.]+/([^/]+/)?(pom\\.xml|src/main/.*)"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !isBuilt(HOME.relativize(file).toString()))
          .sorted()
          .toList();
    }
  }
}
