package io.dimstore.writer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which tables of which store: what every command is told. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StoreArguments {

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "The store, such as dynamodb or hbase-redis.")
  private String store = "";

  @Option(
      names = "--store-option",
      paramLabel = "NAME=VALUE",
      description = "Option of the store, for instance endpoint. Repeatable.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--dimension",
      split = ",",
      paramLabel = "NAME",
      description = "The dimensions, separated by commas. Default: all, which are user and item.")
  private List<String> dimensions = new ArrayList<>();

  @Option(
      names = "--table",
      paramLabel = "DIMENSION=TABLE",
      description = "Another table than dim_user, dim_item. Repeatable.")
  private Map<String, String> tables = new LinkedHashMap<>();

  @Option(
      names = "--table-option",
      paramLabel = "DIMENSION:NAME=VALUE",
      description =
          "Option of one dimension's table, for instance user:sink.batch-size=1000. Repeatable.")
  private Map<String, String> tableOptions = new LinkedHashMap<>();

  String store() {
    return store;
  }

  /** Whether any of these options was given. */
  boolean isGiven() {
    return !store.isEmpty()
        || !options.isEmpty()
        || !dimensions.isEmpty()
        || !tables.isEmpty()
        || !tableOptions.isEmpty();
  }

  Map<String, String> options() {
    return options;
  }

  /**
   * The dimensions, with the topics that replace their own.
   *
   * @throws IllegalArgumentException for a dimension that is not there or not asked for
   */
  List<WriterOptions.Route> routes(Map<String, String> topics) {
    List<String> names =
        dimensions.isEmpty()
            ? Dimension.ALL.stream().map(Dimension::name).toList()
            : dimensions.stream().map(String::strip).toList();
    requireAskedFor(names, "--table", tables);
    requireAskedFor(names, "--topic", topics);
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
                "--table-option " + name + ": say of which dimension, such as user:" + name);
          }
          perTable
              .computeIfAbsent(name.substring(0, colon), dimension -> new LinkedHashMap<>())
              .put(name.substring(colon + 1), value);
        });
    requireAskedFor(names, "--table-option", perTable);
    return perTable;
  }

  private static void requireAskedFor(List<String> names, String option, Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            option + " " + name + ": this dimension is not among " + String.join(", ", names));
      }
    }
  }
}
