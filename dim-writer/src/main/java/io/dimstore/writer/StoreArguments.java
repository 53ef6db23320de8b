// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.store.StoreOptions;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StoreTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that name a store and its tables. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StoreArguments {

  @Mixin private StoreOptions store;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      description =
          "File of SQL that declares the tables, in place of the built-in user and item. Each CREATE"
              + " TABLE of 'connector' = 'dim' is a dimension. A WITH clause that holds the variable"
              + " TABLE.options gets the options of the command. docs/dim-writer.md shows one.")
  private @Nullable Path sql;

  @Option(
      names = "--dimensions",
      split = ",",
      paramLabel = "DIMENSION,...",
      showDefaultValue = Visibility.NEVER,
      description =
          "The dimensions, separated by commas: tables of --sql without dim_ in front, or user and"
              + " item. All without this option.")
  private List<String> dimensions = new ArrayList<>();

  @Option(
      names = "--dimension-table",
      paramLabel = "DIMENSION=TABLE",
      showDefaultValue = Visibility.NEVER,
      description = "Table of a dimension in the store, instead of its name in SQL. Repeatable.")
  private Map<String, String> tables = new LinkedHashMap<>();

  @Option(
      names = "--dimension-option",
      paramLabel = "DIMENSION:NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description = "Option of a dimension's table, such as user:sink.batch-size=1000. Repeatable.")
  private Map<String, String> tableOptions = new LinkedHashMap<>();

  /** Returns whether a store is named on the command line. */
  boolean namesStore() {
    return store.isNamed();
  }

  /** Begins to ask the servers of the store on the command line, if a store is named there. */
  StorePing ping() {
    return store.isNamed()
        ? StorePing.begin(store.store(), store.options(), StorePing.Scope.ALL)
        : StorePing.none();
  }

  /** Returns whether a file of SQL is given. */
  boolean namesFile() {
    return sql != null;
  }

  /** Returns the options of the store on the command line; none if the file names the store. */
  Map<String, String> options() {
    return store.isNamed() ? store.options() : Map.of();
  }

  /**
   * Returns the id of the store that holds all tables of the routes.
   *
   * @throws IllegalArgumentException if they are in different stores
   */
  String store(List<WriterOptions.Route> routes) {
    List<String> stores =
        routes.stream().map(route -> store(route.dimension())).distinct().sorted().toList();
    if (stores.size() > 1) {
      throw new IllegalArgumentException(
          "--sql '"
              + sql
              + "': its tables are in different stores ("
              + String.join(", ", stores)
              + "), and a run writes to one: choose some with --dimensions");
    }
    return stores.get(0);
  }

  private String store(Dimension dimension) {
    String named = dimension.options().get("store");
    return named == null ? store.store() : named;
  }

  /**
   * Returns the tables of the selected dimensions, each in its store.
   *
   * @throws IllegalArgumentException for options that contradict each other or the file
   */
  List<StoreTable> tables() {
    return routes(Map.of()).stream()
        .map(route -> route.in(store(route.dimension()), options()))
        .toList();
  }

  /**
   * Returns the routes of the selected dimensions.
   *
   * @param topics the topics to use instead of the default ones, by the dimension's name
   * @throws IllegalArgumentException for a dimension that does not exist or is not selected, and
   *     for options that contradict each other or the file
   */
  List<WriterOptions.Route> routes(Map<String, String> topics) {
    List<Dimension> selected = selected();
    List<String> names = selected.stream().map(Dimension::name).toList();
    requireSelected(names, "--dimension-table", tables);
    requireSelected(names, "--dimension-topic", topics);
    Map<String, Map<String, String>> perTable = perTable(names);
    List<WriterOptions.Route> routes = new ArrayList<>();
    for (Dimension dimension : selected) {
      Map<String, String> options = new LinkedHashMap<>(dimension.options());
      options.remove("store");
      String declared = options.remove("table");
      String name = dimension.name();
      options.putAll(perTable.getOrDefault(name, Map.of()));
      routes.add(
          new WriterOptions.Route(
              dimension,
              topics.getOrDefault(name, dimension.defaultTopic()),
              tables.getOrDefault(name, declared == null ? dimension.defaultTable() : declared),
              options));
    }
    return routes;
  }

  private List<Dimension> selected() {
    List<Dimension> all = all();
    List<Dimension> selected =
        dimensions.isEmpty()
            ? all
            : dimensions.stream().map(name -> Dimensions.named(name.strip(), all)).toList();
    for (Dimension dimension : selected) {
      if (dimension.namesStore() && (store.isGiven() || tables.containsKey(dimension.name()))) {
        throw new IllegalArgumentException(
            "--sql '"
                + sql
                + "' names the store and the table of "
                + dimension.name()
                + ": leave out --store, its options and --dimension-table, or write ${"
                + dimension.defaultTable()
                + ".options} in place of the options in the file");
      }
    }
    return selected;
  }

  private List<Dimension> all() {
    if (sql == null) {
      return Dimensions.builtIn();
    }
    try {
      return Dimensions.in(sql);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--sql " + e.getMessage(), e);
    }
  }

  private Map<String, Map<String, String>> perTable(List<String> names) {
    Map<String, Map<String, String>> perTable = new LinkedHashMap<>();
    tableOptions.forEach(
        (name, value) -> {
          int colon = name.indexOf(':');
          if (colon < 0) {
            throw new IllegalArgumentException(
                "--dimension-option '"
                    + name
                    + "': put the dimension in front, such as "
                    + names.get(0)
                    + ":"
                    + name);
          }
          perTable
              .computeIfAbsent(name.substring(0, colon), dimension -> new LinkedHashMap<>())
              .put(name.substring(colon + 1), value);
        });
    requireSelected(names, "--dimension-option", perTable);
    return perTable;
  }

  private static void requireSelected(List<String> names, String option, Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            option + " '" + name + "': must be one of " + String.join(", ", names));
      }
    }
  }
}
