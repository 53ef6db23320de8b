// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.spi.StoreMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that the tables of {@code docs/operations.md} list. */
public final class DocumentedMetrics {

  public static final Path PAGE =
      Path.of(System.getProperty("dimstore.home"), "docs", "operations.md");

  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final String OF_TABLE = ".<table>";

  /** The names of every store, after {@code dim.store.<store>.}. */
  public final List<String> ofConnector = new ArrayList<>();

  /** What the stores report themselves, each once. */
  public final List<StoreMetric> ofStores = new ArrayList<>();

  private DocumentedMetrics() {}

  public static DocumentedMetrics read() {
    DocumentedMetrics all = new DocumentedMetrics();
    String section = "";
    try {
      for (String line : Files.readAllLines(PAGE)) {
        if (line.startsWith("#")) {
          boolean isBelow = line.startsWith("### ");
          section = isBelow ? line.substring(4) : line.equals("## All metrics") ? "all" : "";
        } else if (line.startsWith("| `") && !section.isEmpty()) {
          all.add(section, line.split(" \\| "));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private void add(String section, String[] cells) {
    Matcher names = NAME.matcher(cells[0]);
    while (names.find()) {
      String name = names.group(1);
      if (section.equals("Every store")) {
        ofConnector.add(name);
        continue;
      }
      boolean ofTable = name.endsWith(OF_TABLE);
      StoreMetric metric =
          new StoreMetric(
              ofTable ? name.substring(0, name.length() - OF_TABLE.length()) : name,
              StoreMetric.Kind.valueOf(cells[1].strip().toUpperCase(Locale.ROOT)),
              ofTable);
      if (!ofStores.contains(metric)) {
        ofStores.add(metric);
      }
    }
  }
}
