// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What all processes of a wave know: where the stores are, how the mirror is set, and the folder
 * with a folder for each table. The file {@code setup} in it has the options.
 *
 * @param folder the folder of the wave
 * @param tables the names of its tables
 * @param from options of hbase-redis
 * @param to options of dynamodb
 * @param mirror options of the mirror itself
 * @param pace by how much times are longer than on an idle machine
 */
record Setup(
    Path folder,
    List<String> tables,
    Map<String, String> from,
    Map<String, String> to,
    Map<String, String> mirror,
    double pace) {

  private static final String ENDED = "ended";

  /** How long a process acts on a mode that it has read. */
  Duration validity() {
    return Duration.ofMillis(Long.parseLong(mirror.get("mode.validity").replace(" ms", "")));
  }

  Duration deadline() {
    return paced(2_000);
  }

  Duration maxAge() {
    return paced(1_500);
  }

  /**
   * How old an answer may be while servers and processes fail: the cache's and the mirror's bound.
   */
  Duration staleness() {
    return validity().plus(maxAge());
  }

  Duration paced(long millis) {
    return Duration.ofMillis((long) (millis * pace));
  }

  void write() throws IOException {
    Properties all = new Properties();
    all.setProperty("pace", Double.toString(pace));
    all.setProperty("tables", String.join(",", tables));
    from.forEach((name, value) -> all.setProperty("from." + name, value));
    to.forEach((name, value) -> all.setProperty("to." + name, value));
    mirror.forEach((name, value) -> all.setProperty("mirror." + name, value));
    try (Writer out = Files.newBufferedWriter(folder.resolve("setup"))) {
      all.store(out, null);
    }
    for (String table : tables) {
      Files.createDirectories(folder.resolve(table));
      Files.writeString(
          sql(table),
          "CREATE TABLE "
              + table
              + " (id STRING, a STRING, b BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
              + " WITH (${"
              + table
              + ".options})");
    }
  }

  static Setup read(Path folder) throws IOException {
    Properties all = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve("setup"))) {
      all.load(in);
    }
    return new Setup(
        folder,
        List.of(all.getProperty("tables").split(",", -1)),
        below(all, "from."),
        below(all, "to."),
        below(all, "mirror."),
        Double.parseDouble(all.getProperty("pace")));
  }

  private static Map<String, String> below(Properties all, String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), all.getProperty(name));
      }
    }
    return found;
  }

  /** Says that the schedule of a table begins: all processes work on the table from now on. */
  void begin(String table) {
    Signal.set(folder(table).resolve("begun"), "");
  }

  /** Says that the schedule of a table has ended: no process works on the table any more. */
  void end(String table) {
    Signal.set(folder(table).resolve(ENDED), "");
  }

  static boolean hasEnded(Path tableFolder) {
    return Signal.isSet(tableFolder.resolve(ENDED));
  }

  /** Runs something for each table when its schedule begins, unless it has ended. Never returns. */
  void forEachBegun(Consumer<String> start) throws InterruptedException {
    Set<String> waiting = new LinkedHashSet<>(tables);
    while (true) {
      for (String table : List.copyOf(waiting)) {
        if (Signal.isSet(folder(table).resolve("begun"))) {
          waiting.remove(table);
          if (!hasEnded(folder(table))) {
            start.accept(table);
          }
        }
      }
      Thread.sleep(200);
    }
  }

  Path sql(String table) {
    return folder.resolve(table).resolve("table.sql");
  }

  Path folder(String table) {
    return folder.resolve(table);
  }

  static TableSpec spec(String table) {
    return new TableSpec(
        table,
        List.of(
            new Column("id", DataType.STRING),
            new Column("a", DataType.STRING),
            new Column("b", DataType.Simple.BIGINT)),
        List.of("id"));
  }

  DimensionStore openFrom() {
    return open("hbase-redis", from);
  }

  DimensionStore openTo() {
    return open("dynamodb", to);
  }

  DimensionStore openMirror() {
    Map<String, String> all = new TreeMap<>(mirror);
    all.put("from.store", "hbase-redis");
    all.put("to.store", "dynamodb");
    from.forEach((name, value) -> all.put("from." + name, value));
    to.forEach((name, value) -> all.put("to." + name, value));
    return open("mirror", all);
  }

  private static DimensionStore open(String store, Map<String, String> options) {
    return DimensionStores.open(store, options, StoreMetrics.NONE, InstantSource.system());
  }
}
