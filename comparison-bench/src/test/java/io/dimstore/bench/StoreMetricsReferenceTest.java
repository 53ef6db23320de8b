// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the metrics that the stores declare with the tables of {@code docs/operations.md}. */
class StoreMetricsReferenceTest {

  private static final Path PAGE =
      Path.of(System.getProperty("dimstore.home"), "docs", "operations.md");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void everyDeclaredMetricIsDocumentedAndNoOther() throws IOException {
    Map<String, Set<String>> declared = new TreeMap<>();
    DimensionStores.factories(StoreMetricsReferenceTest.class.getClassLoader())
        .forEach(
            (id, factory) -> {
              Set<String> metrics = new TreeSet<>();
              factory.metrics().forEach(metric -> metrics.add(describe(metric)));
              if (!metrics.isEmpty()) {
                declared.put(id, metrics);
              }
            });
    Map<String, Set<String>> documented = documented();
    documented.remove("h2"); // not on this class path
    assertThat(documented).isEqualTo(declared);
  }

  private static String describe(StoreMetric metric) {
    return metric.kind().name().toLowerCase(Locale.ROOT)
        + " "
        + metric.name()
        + (metric.ofTable() ? ".<table>" : "");
  }

  /** Returns the metrics in the tables below the headings that name stores. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    List<String> stores = List.of();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("#")) {
        stores = line.startsWith("### ") ? codes(line) : List.of();
      } else if (line.startsWith("| `")) {
        String[] cells = line.split(" \\| ");
        for (String store : stores) {
          Set<String> metrics = documented.computeIfAbsent(store, ignored -> new TreeSet<>());
          codes(cells[0]).forEach(name -> metrics.add(cells[1].strip() + " " + name));
        }
      }
    }
    return documented;
  }

  private static List<String> codes(String text) {
    return CODE.matcher(text).results().map(found -> found.group(1)).toList();
  }
}
