// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.PublishedModules.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the API of the modules that other projects use with its record, the files {@code
 * docs/api/MODULE.txt}. A change that breaks a user is a line that changes or goes away.
 *
 * <p>To update the record, run {@code mvn -pl comparison-bench test -Dtest=PublicApiTest
 * -Dupdate=true}, and say in {@code CHANGELOG.md} what users have to change.
 */
class PublicApiTest {

  private static final Path RECORD = Path.of(System.getProperty("dimstore.home"), "docs", "api");

  /** Jars without an API: Flink reads their classes by the name of the connector. */
  private static final String FOR_SQL = "flink-sql-connector-dim";

  private static final String FOR_FLINK_2 = "flink-connector-dim-flink-2.2";

  @Test
  void theApiOfEveryModuleOfTheBomIsTheRecordedOne() throws IOException {
    Map<String, String> now = new TreeMap<>();
    Map<String, Module> all = PublishedModules.all();
    for (String artifact : PublishedModules.inBom()) {
      if (!artifact.startsWith(FOR_SQL) && !artifact.equals(FOR_FLINK_2)) {
        now.put(artifact + ".txt", api(all, artifact));
      }
    }
    if (Boolean.getBoolean("update")) {
      write(now);
    }
    Set<String> gone = new TreeSet<>(lines(recorded()));
    Set<String> added = new TreeSet<>(lines(now));
    gone.removeAll(lines(now));
    added.removeAll(lines(recorded()));
    String remedy = "run this test with -Dupdate=true and tell users in CHANGELOG.md";
    assertThat(gone).as("recorded in docs/api and no longer there; " + remedy).isEmpty();
    assertThat(added).as("not recorded in docs/api; " + remedy).isEmpty();
  }

  @Test
  void theConnectorHasTheSameApiForBothVersionsOfFlink() throws IOException {
    Map<String, Module> all = PublishedModules.all();
    assertThat(api(all, FOR_FLINK_2)).isEqualTo(api(all, "flink-connector-dim"));
  }

  @Test
  void aListingHasWhatOtherProjectsCanUseAndNothingElse(@TempDir Path classes) throws IOException {
    for (Class<?> type :
        new Class<?>[] {
          ListedApi.class,
          ListedApi.Kind.class,
          ListedApi.Pair.class,
          ListedApi.Hidden.class,
          ListedApi.Port.class
        }) {
      String file = type.getName().replace('.', '/') + ".class";
      Path copy = classes.resolve(file);
      Files.createDirectories(copy.getParent());
      try (var in = PublicApiTest.class.getClassLoader().getResourceAsStream(file)) {
        Files.copy(Objects.requireNonNull(in), copy);
      }
    }
    String sample = ListedApi.class.getName();
    assertThat(PublicApi.of(classes))
        .isEqualTo(
            """
            public abstract class SAMPLE<T extends java.lang.Comparable<T>> implements java.lang.Runnable
              protected SAMPLE_NAME(int)
              protected abstract java.util.List<? extends T> open(java.lang.String[]) throws java.io.IOException
              public static final int MOST

            public static final enum SAMPLE$Kind
              public static final SAMPLE$Kind ONE

            public static final record SAMPLE$Pair
              public SAMPLE_PAIR(java.lang.String, long)
              public java.lang.String left()
              public long right()

            public static interface SAMPLE$Port extends java.lang.AutoCloseable
              public abstract java.util.Map<java.lang.String, byte[]> read()
              public int size()
            """
                .replace("SAMPLE_NAME", "ListedApi")
                .replace("SAMPLE_PAIR", "Pair")
                .replace("SAMPLE", sample));
  }

  private static String api(Map<String, Module> all, String artifact) {
    Path classes =
        Objects.requireNonNull(all.get(artifact), artifact).folder().resolve("target/classes");
    assertThat(classes).as("the classes of %s: build it first", artifact).isDirectory();
    return PublicApi.of(classes);
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> recorded = new TreeMap<>();
    if (Files.isDirectory(RECORD)) {
      try (Stream<Path> files = Files.list(RECORD)) {
        for (Path file : files.toList()) {
          recorded.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return recorded;
  }

  /** Returns the lines of all files, each with its file and, for a member, with its class. */
  private static Set<String> lines(Map<String, String> files) {
    Set<String> lines = new TreeSet<>();
    files.forEach(
        (file, text) -> {
          String type = "";
          for (String line : text.lines().toList()) {
            if (line.startsWith(" ")) {
              lines.add(file + ": " + type + line);
            } else {
              type = line;
              lines.add(file + ": " + type);
            }
          }
        });
    return lines;
  }

  private static void write(Map<String, String> now) throws IOException {
    Files.createDirectories(RECORD);
    for (String old : recorded().keySet()) {
      if (!now.containsKey(old)) {
        Files.delete(RECORD.resolve(old));
      }
    }
    for (Map.Entry<String, String> each : now.entrySet()) {
      Files.writeString(RECORD.resolve(each.getKey()), each.getValue());
    }
  }
}
