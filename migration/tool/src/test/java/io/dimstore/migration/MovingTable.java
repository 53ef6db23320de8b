// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The table {@code dim_moving} of a string {@code id} and a {@code level}, which moves from one
 * store in this JVM to another, and the commands of its migration with what they have printed.
 */
final class MovingTable implements AutoCloseable {

  private static final String NAME = "dim_moving";

  private final String source;
  private final String target;
  private final String from = "from-" + UUID.randomUUID();
  private final String to = "to-" + UUID.randomUUID();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path sql;
  private final TableSpec spec;

  /**
   * Declares the table, and creates it in the old store.
   *
   * @param target the id of the new store, one of those with the option {@code instance}
   */
  MovingTable(Path folder, String target) throws IOException {
    this(folder, "memory", target);
  }

  /**
   * Declares the table, and creates it in the old store.
   *
   * @param source the id of the old store, one of those with the option {@code instance}
   * @param target the id of the new store, likewise
   */
  MovingTable(Path folder, String source, String target) throws IOException {
    this.source = source;
    this.target = target;
    this.sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_moving (id STRING, level BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_moving.options})");
    this.spec = Dimensions.in(sql).get(0).storedAs(NAME, Map.of());
    try (DimensionStore old = openOld()) {
      old.createIfAbsent(spec).toCompletableFuture().join();
    }
  }

  TableSpec spec() {
    return spec;
  }

  /** Returns the instance of the old store. */
  String sourceInstance() {
    return from;
  }

  /** Returns the instance of the new store. */
  String targetInstance() {
    return to;
  }

  DimensionStore openOld() {
    return open(source, Map.of("instance", from));
  }

  DimensionStore openTarget() {
    return open(target, Map.of("instance", to));
  }

  /** Opens the mirror as a job does, with short times. */
  DimensionStore openMirror() {
    return open(
        "mirror",
        Map.of(
            "from.store", source,
            "from.instance", from,
            "to.store", target,
            "to.instance", to,
            "mode.refresh", "100 ms",
            "mode.validity", "600 ms",
            "deadline", "400 ms"));
  }

  private static DimensionStore open(String store, Map<String, String> options) {
    return DimensionStores.open(store, options, StoreMetrics.NONE, InstantSource.system());
  }

  /** Runs a command of {@code migrate}, and asserts its exit code. */
  void expect(int exitCode, String... arguments) {
    assertThat(run(arguments))
        .as(String.join(" ", arguments) + "\n" + out + err)
        .isEqualTo(exitCode);
  }

  int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments[0], "--sql", sql.toString()));
    all.addAll(List.of("--from=" + source, "--from-option=instance=" + from));
    all.addAll(List.of("--to=" + target, "--to-option=instance=" + to));
    all.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    return MigrateMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** Returns the line of a gate in the status, such as {@code ok intents-done ...}. */
  String gate(String label) {
    int before = out().length();
    expect(0, "status");
    return out()
        .substring(before)
        .lines()
        .map(String::strip)
        .filter(line -> line.contains(label))
        .findFirst()
        .orElseThrow();
  }

  /** Returns what all commands have printed. */
  String out() {
    return out.toString();
  }

  /** Returns the errors of all commands. */
  String err() {
    return err.toString();
  }

  @Override
  public void close() {
    MemoryStores.clear(from);
    MemoryStores.clear(to);
  }
}
