// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads an arm from its properties; docs/writing-a-store.md has the names. */
final class ArmFile {

  private static final int LATE = 100;

  private final String id;
  private final Map<String, String> properties = new TreeMap<>();

  private ArmFile(String id, Properties properties) {
    this.id = id;
    properties
        .stringPropertyNames()
        .forEach(name -> this.properties.put(name, properties.getProperty(name).strip()));
  }

  /**
   * Returns the arm that the properties declare.
   *
   * @throws BenchException if a property is missing, unknown or has a wrong value
   */
  static Arm parse(String id, Properties properties) {
    return new ArmFile(id, properties).arm();
  }

  private Arm arm() {
    String order = properties.remove("order");
    Arm arm =
        new Arm(
            id,
            order == null ? LATE : number(order),
            required("description"),
            required("store"),
            words("servers").stream().map(this::server).toList(),
            prefixed("option."),
            tables(),
            properties.remove("sql-variant"),
            words("hbase-tables"));
    if (!properties.isEmpty()) {
      throw refused("it does not know " + properties.keySet());
    }
    return arm;
  }

  private Map<String, Map<String, String>> tables() {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    prefixed("table.")
        .forEach(
            (name, value) -> {
              int dot = name.indexOf('.');
              if (dot < 1) {
                throw refused("'table." + name + "' is not of the form table.TABLE.OPTION");
              }
              tables
                  .computeIfAbsent(name.substring(0, dot), table -> new LinkedHashMap<>())
                  .put(name.substring(dot + 1), value);
            });
    return tables;
  }

  private Map<String, String> prefixed(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : List.copyOf(properties.keySet())) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), required(name));
      }
    }
    return found;
  }

  private List<String> words(String name) {
    String text = properties.remove(name);
    return text == null
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private Server server(String name) {
    try {
      return Server.of(name);
    } catch (StackException e) {
      throw refused("'servers': " + e.getMessage());
    }
  }

  private int number(String order) {
    try {
      return Integer.parseInt(order);
    } catch (NumberFormatException e) {
      throw refused("'order' is not a whole number: '" + order + "'");
    }
  }

  private String required(String name) {
    String value = properties.remove(name);
    if (value == null) {
      throw refused("'" + name + "' is missing");
    }
    return value;
  }

  private BenchException refused(String why) {
    return new BenchException("Arm " + id + ", file " + Arms.FOLDER + id + ".properties: " + why);
  }
}
