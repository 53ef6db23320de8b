// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that {@code docs/personal-data.md} names each place where the programs keep rows. */
class PersonalDataTest {

  private static final Path DOCS = docs();

  private static Path docs() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/personal-data.md"))) {
      root = root.getParent();
    }
    return root.resolve("docs");
  }

  private static String page(String name) throws IOException {
    return Files.readString(DOCS.resolve(name));
  }

  private static Set<String> found(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static Set<String> missing(Set<String> names) throws IOException {
    Set<String> missing = new TreeSet<>(names);
    String page = page("personal-data.md");
    missing.removeIf(name -> page.contains("`" + name + "`"));
    return missing;
  }

  @Test
  void eachTableOfAStoreIsNamed() throws IOException {
    Set<String> tables = new TreeSet<>();
    for (DimensionStoreFactory factory : ServiceLoader.load(DimensionStoreFactory.class)) {
      for (StoreOption<?> option : factory.options()) {
        if (option.name().endsWith("-table")) {
          tables.add(String.valueOf(option.defaultValue()));
        }
      }
    }
    assertThat(tables).contains("dimstore-control", "dimstore_intents", "dimstore_mirror_intents");
    assertThat(missing(tables)).isEmpty();
    Set<String> ofEndpoint = found("-table` \\| `(\\w+)`", page("hbase-endpoint.md"));
    assertThat(ofEndpoint).isNotEmpty();
    assertThat(missing(ofEndpoint)).isEmpty();
  }

  @Test
  void eachTopicOfACommandIsNamed() throws IOException {
    Set<String> topics = found("-topic` \\| `[A-Z=]+` \\| `([^`]+)`", page("commands.md"));
    assertThat(topics).contains("dim-user-changes", "dim-dead-letters");
    assertThat(missing(topics)).isEmpty();
  }

  @Test
  void eachSharedRecordIsNamed() throws IOException {
    Set<String> written = new TreeSet<>();
    for (String page : List.of("storage-format.md", "migration.md")) {
      Set<String> records = found("(?m)^\\| `((?:mirror|backfill|migration)/[^`]+)`", page(page));
      assertThat(records).hasSizeGreaterThan(2);
      records.forEach(name -> written.add(name.replaceAll("/(N|MILLIS|\\d+)$", "/NUMBER")));
    }
    assertThat(written).contains("migration/TABLE/state", "migration/TABLE/take-over/NUMBER");
    assertThat(missing(written)).isEmpty();
  }

  /**
   * Checks that the page names each shared record of a store, as tests of migrations leave them.
   */
  static void requireNamed(DimensionStore store, TableSpec table) throws IOException {
    Set<String> names = new TreeSet<>();
    String after = "";
    while (after != null) {
      SharedRecordPage page =
          store
              .capability(SharedRecords.class)
              .orElseThrow()
              .list("", after, 1_000)
              .toCompletableFuture()
              .join();
      page.records().forEach(each -> names.add(general(each.name(), table.name())));
      after = page.next();
    }
    assertThat(names).isNotEmpty();
    assertThat(missing(names)).isEmpty();
  }

  private static String general(String record, String table) {
    return record
        .replace("/" + table + "/", "/TABLE/")
        .replaceAll("[0-9a-f]{64}", "SHA256")
        .replaceAll("^(backfill/TABLE)/[^/]+/", "$1/PLAN/")
        .replaceAll("^(mirror/TABLE/shadow)/[^/]+/[^/]+$", "$1/SERIES/PROCESS")
        .replaceAll("/\\d+$", "/NUMBER");
  }

  @Test
  void eachCommandExists() throws IOException {
    Set<String> commands = found("`bin/dimstore ([a-z]+ [a-z]+)", page("personal-data.md"));
    assertThat(commands).isNotEmpty();
    Set<String> known = found("(?m)^## ([a-z ]+)$", page("commands.md"));
    assertThat(known).containsAll(commands);
  }

  @Test
  void eachTestExists() throws IOException {
    Path root = DOCS.resolveSibling("");
    for (String test : found("`((?:PurgeIT|ErasureIT)\\.\\w+)`", page("personal-data.md"))) {
      String[] parts = test.split("\\.", 2);
      try (var files = Files.walk(root.resolve("dim-store"))) {
        assertThat(
                files
                    .filter(file -> file.endsWith(parts[0] + ".java"))
                    .anyMatch(
                        file -> {
                          try {
                            return Files.readString(file).contains("void " + parts[1] + "(");
                          } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                          }
                        }))
            .as(test)
            .isTrue();
      }
    }
  }
}
