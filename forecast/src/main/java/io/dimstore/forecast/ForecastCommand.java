// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Settings;
import io.dimstore.cli.Usage;
import io.dimstore.cli.store.StoreOptions;
import io.dimstore.jobs.kafka.KafkaConnection;
import io.dimstore.jobs.kafka.TopicPreflight;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forecast}: see its help. */
@Command(
    name = "bin/dimstore forecast",
    description = {
      "Estimates what a dimension table takes and costs as a DynamoDB table: sizes of items,",
      "storage, units per second and the cost of a month, on demand and provisioned. Reads a",
      "table of any store, or a Kafka topic of changes. Prices are list prices from a dated",
      "file. docs/dynamodb.md explains the computation."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore forecast --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "    --store-option redis.host=cache --dimension user --lookups-per-second 5000",
      "  bin/dimstore forecast --store dynamodb --store-option region=us-east-1 \\",
      "    --store-option read.units-per-second=100 --sql merchant.sql \\",
      "    --limit 100000 --total-rows 25000000 --lookups-per-second 5000 --cache-hit-rate 0.8",
      "  bin/dimstore forecast --changes-topic dim-user-changes --bootstrap localhost:9092 \\",
      "    --dimension user --node ec2.m5.xlarge=3 --node emr.m5.xlarge=3 --json forecast.json"
    })
final class ForecastCommand implements Callable<Integer> {

  private static final String LOOK_AT =
      "say what to look at: either --store or --changes-topic, or --sql with a file that names the"
          + " store";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--table-option",
      paramLabel = Settings.LABEL,
      showDefaultValue = Visibility.NEVER,
      description =
          "Option of the table in the store. Repeatable. docs/store-options.md lists them.")
  private Map<String, String> tableOptions = new LinkedHashMap<>();

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Table in the store to scan, instead of the dimension's name in SQL.")
  private @Nullable String table;

  @Option(
      names = "--changes-topic",
      paramLabel = "TOPIC",
      description = "Topic of changes to read, in the JSON that 'write run' reads.")
  private @Nullable String changesTopic;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--dimension",
      paramLabel = "DIMENSION",
      description =
          "Dimension to look at: a table of --sql without dim_ in front, or user or item. Needed"
              + " unless --sql declares one table.")
  private @Nullable String dimension;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      description =
          "File of SQL that declares the tables, in place of the built-in user and item. It gives"
              + " columns and key, and the store where it names one. docs/dim-writer.md shows one.")
  private @Nullable Path sql;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "The most records to read. These are rows of the table, or changes of the topic.")
  private long limit = 1_000_000;

  @Option(
      names = "--total-rows",
      paramLabel = "N",
      description = "Rows that the table has in all, where --limit makes it a sample.")
  private @Nullable Long totalRows;

  @Option(
      names = "--lookups-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "Mean rate of lookups, before any cache.")
  private double lookups;

  @Option(
      names = "--cache-hit-rate",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of the lookups that a cache answers.")
  private double hitRate;

  @Option(
      names = "--writes-per-second",
      paramLabel = "N",
      description =
          "Mean rate of writes; without it the rate in --changes-topic, or 0 for a scan. Required if"
              + " the changes were written within less than a minute.")
  private @Nullable Double writes;

  @Option(names = "--eventual", description = "Lookups are eventually consistent: half the units.")
  private boolean eventual;

  @Option(
      names = "--node",
      paramLabel = "NAME=N",
      showDefaultValue = Visibility.NEVER,
      description =
          "Machines and disks that the legacy path runs on, by their names in the price file, such"
              + " as ec2.m5.xlarge=3 or ebs.gp3-gb=500. Repeatable.")
  private Map<String, Double> nodes = new LinkedHashMap<>();

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Properties file with prices, in place of " + Prices.SHIPPED + ".")
  private @Nullable Path prices;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  /** For picocli. */
  ForecastCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    // Reading the declarations takes seconds. The servers are asked meanwhile.
    try (TopicPreflight brokers = brokers()) {
      StorePing ping =
          store.isNamed()
              ? StorePing.begin(store.store(), store.options(), StorePing.Scope.TABLES)
              : StorePing.none();
      Dimension looked = dimension();
      if (brokers != null) {
        brokers.require(List.of());
      }
      Prices known = Prices.read(prices);
      // Reports a missing price before anything is read.
      known.monthly(nodes);
      Forecast forecast =
          Forecast.of(
              observe(looked, ping),
              new Forecast.Load(lookups, hitRate, writes, totalRows, nodes),
              known);
      if (json != null) {
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValue(json.toFile(), forecast);
      }
      out.print(forecast.text());
      out.flush();
      return ExitCodes.OK;
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable TopicPreflight brokers() {
    return changesTopic == null
        ? null
        : TopicPreflight.of(new KafkaConnection(kafka.bootstrap(), kafka.properties()));
  }

  private void check() {
    if (store.isNamed() && changesTopic != null) {
      throw Usage.error(LOOK_AT);
    }
    if (changesTopic != null && !kafka.isKnown()) {
      throw Usage.error("--changes-topic needs --bootstrap");
    }
    if (dimension == null && sql == null) {
      throw Usage.error(
          "say which table: --sql with a file that declares it, or --dimension with user or item");
    }
    Usage.requireAtLeast(1, "--limit", limit);
    if (totalRows != null) {
      Usage.requireAtLeast(1, "--total-rows", totalRows);
    }
    requireRate("--lookups-per-second", lookups);
    if (writes != null) {
      requireRate("--writes-per-second", writes);
    }
    if (!(hitRate >= 0 && hitRate <= 1)) {
      throw Usage.badValue("--cache-hit-rate", hitRate, "must be a share from 0 to 1");
    }
    if (json != null && Files.isDirectory(json)) {
      throw Usage.badValue("--json", json, "must be a file and is a folder");
    }
  }

  private static void requireRate(String option, double value) {
    if (!(value >= 0)) {
      throw Usage.badValue(option, value, "must be at least 0");
    }
  }

  private Dimension dimension() {
    Path file = sql;
    List<Dimension> all = file == null ? Dimensions.builtIn() : declaredIn(file);
    if (dimension == null && all.size() > 1) {
      throw new IllegalArgumentException(
          "--sql '"
              + file
              + "' declares "
              + String.join(", ", all.stream().map(Dimension::name).toList())
              + ": choose one with --dimension");
    }
    Dimension found = dimension == null ? all.get(0) : Dimensions.named(dimension, all);
    if (changesTopic == null && found.namesStore() == store.isNamed()) {
      throw new IllegalArgumentException(
          store.isNamed()
              ? "--sql '" + file + "' names the store of " + found.name() + ": leave out --store"
              : LOOK_AT);
    }
    return found;
  }

  private static List<Dimension> declaredIn(Path file) {
    try {
      return Dimensions.in(file);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--sql " + e.getMessage(), e);
    }
  }

  /** Returns the table to scan. */
  private StoreTable stored(Dimension looked) {
    Map<String, String> options = new LinkedHashMap<>(looked.options());
    String named = options.get("store");
    String declared = options.get("table");
    String id = named == null ? store.store() : named;
    tableOptions.forEach(
        (name, value) -> options.put(id + "." + StoreTable.withoutPrefix(id, name), value));
    return StoreTable.of(
        id,
        named == null ? store.options() : Map.of(),
        looked.storedAs(
            table != null ? table : declared != null ? declared : looked.defaultTable(), options));
  }

  private Observed observe(Dimension looked, StorePing ping) throws InterruptedException {
    // Only computes sizes: it never connects.
    Map<String, String> nowhere =
        Map.of(
            "endpoint",
            "http://127.0.0.1:1",
            "access-key",
            "none",
            "secret-key",
            "none",
            "consistent-reads",
            Boolean.toString(!eventual));
    try (DimensionStore target =
        DimensionStores.open("dynamodb", nowhere, StoreMetrics.NONE, InstantSource.system())) {
      // Other stores allow table names that DynamoDB does not.
      TableSpec sized = looked.storedAs("forecast", Map.of());
      Sizing sizing = target.table(sized).capability(Sizing.class).orElseThrow();
      Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr());
      String topic = changesTopic;
      if (topic != null) {
        ChangeTopic seen = new ChangeTopic(looked, sizing);
        TopicReader reader = new TopicReader(kafka.bootstrap(), kafka.properties(), progress);
        if (writes == null) {
          // Reading may take minutes. What it would only then report as missing is reported now.
          Duration span = reader.span(topic);
          if (span != null) {
            ChangeTopic.requireRate("topic " + topic, span);
          }
        }
        boolean whole = reader.read(topic, limit, seen);
        seen.requireChanges("topic " + topic);
        if (writes == null) {
          seen.requireRate("topic " + topic);
        }
        return seen.observed("topic " + topic, whole);
      }
      StoreTable real = stored(looked);
      StorePreflight.requireTable(ping, real);
      try (DimensionStore source = real.open()) {
        return new TableScan(sizing, progress)
            .observe(
                "table " + real.spec().name() + " of store " + real.store(),
                source,
                real.spec(),
                limit);
      }
    }
  }
}
