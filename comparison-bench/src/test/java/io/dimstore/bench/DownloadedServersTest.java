// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.dynamodb.program.NpmServer;
import io.dimstore.stack.dynamodb.program.OpenSourceLicence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that {@code NOTICE} lists every server that the build downloads, under an open-source
 * licence: from npm, in Maven artifacts, and in Debian packages of the images. The licences of Java
 * libraries are checked by Maven.
 */
class DownloadedServersTest {

  private static final Path HOME = Path.of(System.getProperty("dimstore.home"));

  private static final Pattern LINE =
      Pattern.compile("(\\S+) (\\S+) \\((https://[^)]+)\\), ([^:]+): (.+)");

  /** The first version of Redis that is not under the licence BSD-3-Clause. */
  private static final double FIRST_OTHER_REDIS = 7.4;

  @TempDir Path folder;

  /** A line of {@code NOTICE}. */
  private record Entry(String name, String version, String licence, String origin) {}

  private static List<Entry> entries() throws IOException {
    // A line that is indented continues the one before.
    String notice = Files.readString(HOME.resolve("NOTICE")).replaceAll("\\R +", " ");
    List<String> lines = notice.lines().filter(line -> line.startsWith("- ")).toList();
    List<Entry> entries =
        lines.stream()
            .map(line -> LINE.matcher(line.substring(2)))
            .filter(Matcher::matches)
            .map(m -> new Entry(m.group(1), m.group(2), m.group(4), m.group(5)))
            .toList();
    assertThat(entries).as("lines of NOTICE that can be read").hasSameSizeAs(lines);
    return entries;
  }

  private static List<Entry> from(String origin) throws IOException {
    return entries().stream()
        .filter(
            entry -> entry.origin().matches(".*(^|[ ,])" + Pattern.quote(origin) + "([ ,].*|$)"))
        .toList();
  }

  @Test
  void everyLicenceIsAnOpenSourceOne() throws IOException {
    assertThat(entries()).allMatch(entry -> OpenSourceLicence.isAllowed(entry.licence()));
  }

  @ParameterizedTest
  @EnumSource
  void serversOfNpmAreListed(NpmServer server) throws IOException {
    assertThat(from(server.packageName()))
        .singleElement()
        .extracting(Entry::version)
        .isEqualTo(server.version());
  }

  static Stream<String> serversOfMaven() throws IOException {
    try (Stream<Path> folders = Files.list(HOME.resolve("local-stack"))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.endsWith("-server") && !name.startsWith("dynamodb-"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("serversOfMaven")
  void serversOfMavenAreListed(String module) throws IOException {
    List<Entry> listed = from("local-stack/" + module);
    assertThat(listed).hasSize(1);
    Entry entry = listed.get(0);
    String id = module.replace("-server", "");
    assertThat(entry.name().toLowerCase(Locale.ROOT)).isEqualTo(id);
    String pom = Files.readString(HOME.resolve("pom.xml"));
    Matcher version = Pattern.compile("<" + id + "\\.version>([^<-]+)").matcher(pom);
    if (version.find()) {
      assertThat(entry.version()).isEqualTo(version.group(1));
    }
  }

  /** Each module has libraries of its own, those of its tests and of tests' libraries included. */
  @Test
  void mavenChecksTheLicencesOfTheLibrariesOfEveryModule() throws IOException {
    assertThat(Files.readString(HOME.resolve("pom.xml")))
        .containsPattern("(?s)</pluginManagement>.*<artifactId>license-maven-plugin</artifactId>")
        .contains("<failOnMissing>true</failOnMissing>", "<failOnBlacklist>true</failOnBlacklist>");
    List<Path> poms;
    try (Stream<Path> files = Files.walk(HOME)) {
      poms =
          files
              .filter(file -> file.endsWith("pom.xml"))
              .filter(file -> !HOME.relativize(file).toString().matches("(samples|.*target)/.*"))
              .toList();
    }
    assertThat(poms).hasSizeGreaterThan(20);
    assertThat(poms)
        .allSatisfy(
            pom -> assertThat(pom).content().doesNotContain("skipAddThirdParty", "excludedScopes"));
  }

  /** The names of its files state other versions than the server reports. */
  @Test
  void redisIsAVersionUnderItsOpenSourceLicence() throws Exception {
    String reported = versionOf(redis());
    assertThat(from("local-stack/redis-server").get(0).version()).isEqualTo(reported);
    assertThat(entries())
        .filteredOn(entry -> entry.name().equals("Redis"))
        .hasSize(2)
        .allMatch(entry -> majorAndMinor(entry.version()) < FIRST_OTHER_REDIS);
  }

  private static double majorAndMinor(String version) {
    return Double.parseDouble(version.replaceFirst("^(\\d+\\.\\d+).*", "$1"));
  }

  private static Path redis() throws IOException {
    String system =
        (System.getProperty("os.name").startsWith("Mac") ? "darwin-" : "linux-")
            + System.getProperty("os.arch").replace("aarch64", "arm64").replace("x86_64", "amd64");
    Path binaries = HOME.resolve("local-stack/redis-server/target/binaries");
    try (Stream<Path> files = Files.list(binaries)) {
      return files.filter(file -> file.toString().endsWith(system)).findFirst().orElseThrow();
    }
  }

  private String versionOf(Path binary) throws Exception {
    // The build may not have made it executable.
    Path copy = Files.copy(binary, folder.resolve("redis-server"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    Process process = new ProcessBuilder(copy.toString(), "--version").start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher version = Pattern.compile(" v=(\\S+) ").matcher(output);
    assertThat(version.find()).as(output).isTrue();
    return version.group(1);
  }

  @Test
  void packagesOfDebianAreListed() throws IOException {
    Map<String, List<Entry>> listed = new TreeMap<>();
    try (Stream<Path> files = Files.walk(HOME.resolve("docker"), 2)) {
      for (Path file : files.filter(f -> f.endsWith("Dockerfile")).toList()) {
        String text = Files.readString(file).replaceAll("\\\\\\R", " ");
        List<String> installed =
            Pattern.compile("apt-get install([^&\\n]*)")
                .matcher(text)
                .results()
                .map(found -> found.group(1).strip())
                .flatMap(words -> Stream.of(words.split("\\s+")))
                .filter(word -> !word.startsWith("-"))
                .toList();
        for (String name : installed) {
          listed.put(name, from(name));
        }
      }
    }
    assertThat(listed).containsKey("redis-server");
    listed.forEach((name, entries) -> assertThat(entries).as("package %s", name).hasSize(1));
  }
}
