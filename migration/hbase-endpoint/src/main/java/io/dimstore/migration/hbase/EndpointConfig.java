// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Column;
import io.dimstore.spi.NearestName;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of a peer.
 *
 * @param options all options except those of tables
 * @param tables the tables that are carried
 */
record EndpointConfig(StoreConfig options, List<ReplicatedTable> tables) {

  private static final String COLUMNS = ".columns";

  /**
   * A table that is carried.
   *
   * @param source the table as the store {@code hbase-redis} declares it
   * @param target the same table in the target store
   */
  record ReplicatedTable(TableSpec source, TableSpec target) {}

  /**
   * Parses the configuration.
   *
   * @param settings all settings of the peer; those that do not begin with {@code dimstore.} are
   *     ignored
   * @throws StoreException INVALID, naming the setting
   */
  static EndpointConfig parse(Map<String, String> settings) {
    Map<String, String> own = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(PeerOptions.PREFIX)) {
            own.put(name.substring(PeerOptions.PREFIX.length()), value);
          }
        });
    StoreConfig options =
        StoreConfig.parse(
            "a replication peer of dimstore (without the prefix 'dimstore.')",
            PeerOptions.all(),
            StoreOption.Scope.STORE,
            own);
    options.get(PeerOptions.STORE);
    return new EndpointConfig(options, tables(options.prefixed(PeerOptions.TABLE_OPTIONS)));
  }

  /** Returns the options of the target store. */
  Map<String, String> storeOptions() {
    return options.prefixed(PeerOptions.STORE_OPTIONS);
  }

  private static List<ReplicatedTable> tables(Map<String, String> settings) {
    List<String> names =
        settings.keySet().stream()
            .filter(key -> key.endsWith(COLUMNS))
            .map(key -> key.substring(0, key.length() - COLUMNS.length()))
            .toList();
    if (names.isEmpty()) {
      throw StoreException.invalid(
          "The peer declares no table. Set 'dimstore.table.NAME.columns' and"
              + " 'dimstore.table.NAME.key'.");
    }
    Map<String, String> left = new TreeMap<>(settings);
    List<ReplicatedTable> tables = new ArrayList<>();
    for (String name : names) {
      tables.add(table(name, taken(name, names, left)));
    }
    if (!left.isEmpty()) {
      throw StoreException.invalid(
          "These settings belong to no table, because its 'columns' are missing: "
              + left.keySet().stream().map(key -> "dimstore.table." + key).toList());
    }
    return List.copyOf(tables);
  }

  /** Removes the settings of a table, and returns them without its name. */
  private static Map<String, String> taken(
      String name, List<String> names, Map<String, String> left) {
    Map<String, String> own = new TreeMap<>();
    left.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".") && name.equals(longest(key, names))) {
            own.put(key.substring(name.length() + 1), value);
          }
        });
    own.keySet().forEach(key -> left.remove(name + "." + key));
    return own;
  }

  /** Returns the longest table name that a setting begins with: names may contain dots. */
  private static String longest(String key, List<String> names) {
    String longest = "";
    for (String name : names) {
      if (key.startsWith(name + ".") && name.length() > longest.length()) {
        longest = name;
      }
    }
    return longest;
  }

  private static ReplicatedTable table(String name, Map<String, String> settings) {
    String key = settings.get("key");
    if (key == null) {
      throw StoreException.invalid("'dimstore.table." + name + ".key' is missing");
    }
    List<Column> columns = ColumnList.parse(String.valueOf(settings.get("columns")));
    List<String> keyColumns = Arrays.stream(key.split(",", -1)).map(String::strip).toList();
    Map<String, String> source = new TreeMap<>();
    Map<String, String> target = new TreeMap<>();
    settings.forEach(
        (setting, value) -> {
          if (setting.startsWith("source.")) {
            source.put(setting.substring("source.".length()), value);
          } else if (setting.startsWith("target.")) {
            target.put(setting.substring("target.".length()), value);
          } else if (!List.of("columns", "key", "target").contains(setting)) {
            String nearest =
                NearestName.of(setting, List.of("columns", "key", "target", "source.", "target."));
            throw StoreException.invalid(
                "Unknown setting 'dimstore.table."
                    + name
                    + "."
                    + setting
                    + "'"
                    + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
          }
        });
    return new ReplicatedTable(
        new TableSpec(name, columns, keyColumns, source),
        new TableSpec(settings.getOrDefault("target", name), columns, keyColumns, target));
  }
}
