// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.store.StoreOptions;
import io.dimstore.jobs.sql.Dimension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that name a store and its tables. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StoreArguments {

  @Mixin private StoreOptions store;

  @Option(
      names = "--dimensions",
      split = ",",
      paramLabel = "DIMENSION,...",
      showDefaultValue = Visibility.NEVER,
      description = "The dimensions, separated by commas: user, item. Both without this option.")
  private List<String> dimensions = new ArrayList<>();

  @Option(
      names = "--dimension-table",
      paramLabel = "DIMENSION=TABLE",
      showDefaultValue = Visibility.NEVER,
      description = "Table of a dimension, instead of dim_user or dim_item. Repeatable.")
  private Map<String, String> tables = new LinkedHashMap<>();

  @Option(
      names = "--dimension-option",
      paramLabel = "DIMENSION:NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description = "Option of a dimension's table, such as user:sink.batch-size=1000. Repeatable.")
  private Map<String, String> tableOptions = new LinkedHashMap<>();

  String store() {
    return store.store();
  }

  boolean isNamed() {
    return store.isNamed();
  }

  /** Returns whether any of these options was given. */
  boolean isGiven() {
    return store.isGiven() || !dimensions.isEmpty() || !tables.isEmpty() || !tableOptions.isEmpty();
  }

  Map<String, String> options() {
    return store.options();
  }

  /**
   * Returns the routes of the selected dimensions.
   *
   * @param topics the topics to use instead of the default ones, by the dimension's name
   * @throws IllegalArgumentException for a dimension that does not exist or is not selected
   */
  List<WriterOptions.Route> routes(Map<String, String> topics) {
    List<String> names =
        dimensions.isEmpty()
            ? Dimension.ALL.stream().map(Dimension::name).toList()
            : dimensions.stream().map(String::strip).toList();
    requireSelected(names, "--dimension-table", tables);
    requireSelected(names, "--dimension-topic", topics);
    Map<String, Map<String, String>> perTable = perTable(names);
    List<WriterOptions.Route> routes = new ArrayList<>();
    for (String name : names) {
      Dimension dimension = Dimension.named(name);
      routes.add(
          new WriterOptions.Route(
              dimension,
              topics.getOrDefault(name, dimension.defaultTopic()),
              tables.getOrDefault(name, dimension.defaultTable()),
              perTable.getOrDefault(name, Map.of())));
    }
    return routes;
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
                    + "': put the dimension in front, such as user:"
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
