package io.dimstore.bench.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.writer.Dimension;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code forecast}: see its help. */
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Estimates what a dimension table takes and costs as a DynamoDB table: sizes of items,",
      "storage, units per second and the cost of a month, on demand and provisioned. Looks at a",
      "table of any store, or at a Kafka topic of changes. Prices are list prices from a dated",
      "file. docs/dynamodb.md says what is computed how.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bin/dimstore forecast --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "    --store-option redis.host=cache --dimension user --lookups-per-second 5000",
      "  bin/dimstore forecast --store dynamodb --store-option region=us-east-1 --table dim_user \\",
      "    --store-option read.units-per-second=100 --columns 'id STRING, level INT' --key id \\",
      "    --limit 100000 --items 25000000 --lookups-per-second 5000 --cache-hit-rate 0.8",
      "  bin/dimstore forecast --changes dim-user-changes --bootstrap localhost:9092 \\",
      "    --dimension user --node ec2.m5.xlarge=3 --node emr.m5.xlarge=3 --json forecast.json",
      "",
      "Exit code: 0 done; 1 the store or Kafka failed; 2 usage."
    })
public final class ForecastCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Scan a table of this store: hbase-redis, dynamodb, ...")
  private @Nullable String store;

  @Option(
      names = "--store-option",
      paramLabel = "NAME=VALUE",
      description = "Option of the store. Repeatable.")
  private Map<String, String> storeOptions = new LinkedHashMap<>();

  @Option(
      names = "--table-option",
      paramLabel = "NAME=VALUE",
      description = "Option of the table in the store. Repeatable.")
  private Map<String, String> tableOptions = new LinkedHashMap<>();

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "The table in the store. Default: that of --dimension.")
  private @Nullable String table;

  @Option(
      names = "--changes",
      paramLabel = "TOPIC",
      description = "Read this topic of changes, in the JSON that 'write' reads.")
  private @Nullable String changes;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas.")
  private @Nullable String bootstrap;

  @Option(
      names = "--dimension",
      paramLabel = "NAME",
      description = "The columns and key of this dimension: user or item.")
  private @Nullable String dimension;

  @Option(
      names = "--columns",
      paramLabel = "COLUMNS",
      description = "Columns and types, such as 'user_id STRING, level INT'; with --key.")
  private @Nullable String columns;

  @Option(names = "--key", paramLabel = "COLUMN,...", description = "The key columns of --columns.")
  private @Nullable String key;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Look at so many entries at most (default ${DEFAULT-VALUE}).")
  private long limit = 1_000_000;

  @Option(
      names = "--items",
      paramLabel = "N",
      description = "How many rows there are in all, where --limit makes it a sample.")
  private @Nullable Long items;

  @Option(
      names = "--lookups-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "Mean rate of lookups, before any cache (default ${DEFAULT-VALUE}).")
  private double lookups;

  @Option(
      names = "--cache-hit-rate",
      paramLabel = "PART",
      defaultValue = "0",
      description = "The part of lookups, 0 to 1, that a cache answers (default ${DEFAULT-VALUE}).")
  private double hitRate;

  @Option(
      names = "--writes-per-second",
      paramLabel = "N",
      description = "Mean rate of writes. Default: what --changes shows; 0 for a scan.")
  private @Nullable Double writes;

  @Option(names = "--eventual", description = "Lookups are eventually consistent: half the units.")
  private boolean eventual;

  @Option(
      names = "--node",
      paramLabel = "NAME=COUNT",
      description =
          "What the legacy path runs on, by its name in the price file, such as ec2.m5.xlarge=3 or"
              + " ebs.gp3-gb=500. Repeatable.")
  private Map<String, Double> nodes = new LinkedHashMap<>();

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Prices in place of " + Prices.SHIPPED + ".")
  private @Nullable Path prices;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there as well.")
  private @Nullable Path json;

  /** For picocli. */
  public ForecastCommand() {}

  @Override
  public Integer call() {
    check();
    PrintWriter out = commandLine().getOut();
    try {
      TableSpec looked = spec();
      Prices known = Prices.read(prices);
      // A price that is missing is told before anything is read.
      known.monthly(nodes);
      Forecast forecast =
          Forecast.of(
              observe(looked), new Forecast.Load(lookups, hitRate, writes, items, nodes), known);
      if (json != null) {
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValue(json.toFile(), forecast);
      }
      out.print(forecast.text());
      out.flush();
      return CommandLine.ExitCode.OK;
    } catch (ForecastException | IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      return failed("--bootstrap " + bootstrap + ": " + e.getMessage());
    } catch (IOException e) {
      return failed(e.toString());
    }
  }

  private void check() {
    if ((store == null) == (changes == null)) {
      throw usage("Name what to look at: either --store or --changes");
    }
    if (changes != null && bootstrap == null) {
      throw usage("--changes needs --bootstrap");
    }
    if ((dimension == null) == (columns == null)) {
      throw usage("Name the columns: either --dimension or --columns with --key");
    }
    if ((columns == null) != (key == null)) {
      throw usage("--columns and --key belong together");
    }
    if (store != null && table == null && dimension == null) {
      throw usage("--store needs --table, or --dimension for the table of its name");
    }
    if (limit < 1 || (items != null && items < 1)) {
      throw usage("--limit and --items must be at least 1");
    }
    if (!(lookups >= 0) || !(hitRate >= 0 && hitRate <= 1) || (writes != null && !(writes >= 0))) {
      throw usage("Rates must be 0 or more, and --cache-hit-rate 0 to 1");
    }
    if (json != null && Files.isDirectory(json)) {
      throw usage("--json " + json + " is a folder");
    }
  }

  private TableSpec spec() {
    String name = table == null ? "forecast" : table;
    if (columns != null) {
      return Columns.parse(name, columns, Objects.requireNonNull(key));
    }
    Dimension known = Dimension.named(Objects.requireNonNull(dimension));
    return Columns.of(known, table == null ? known.defaultTable() : table);
  }

  private Observed observe(TableSpec looked) {
    // Only asked for sizes: it never connects.
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
      // Other stores have names that DynamoDB has not.
      TableSpec sized = new TableSpec("forecast", looked.columns(), looked.keyColumns());
      Sizing sizing = (Sizing) target.table(sized);
      String topic = changes;
      if (topic != null) {
        ChangeTopic seen = new ChangeTopic(looked, sizing);
        boolean whole =
            TopicReader.read(Objects.requireNonNull(bootstrap), topic, limit, seen, this::progress);
        return seen.observed("topic " + topic, whole);
      }
      String id = Objects.requireNonNull(store);
      try (DimensionStore source =
          DimensionStores.open(id, storeOptions, StoreMetrics.NONE, InstantSource.system())) {
        TableSpec real =
            new TableSpec(looked.name(), looked.columns(), looked.keyColumns(), tableOptions);
        return new TableScan(sizing, this::progress)
            .observe("table " + looked.name() + " of store " + id, source, real, limit);
      }
    }
  }

  private void progress(String line) {
    PrintWriter err = commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }

  private int failed(String message) {
    PrintWriter err = commandLine().getErr();
    err.println("forecast failed: " + message);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
