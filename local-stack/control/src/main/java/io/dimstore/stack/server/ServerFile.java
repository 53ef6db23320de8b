// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a server's module declares; docs/writing-a-store.md has the names. */
final class ServerFile {

  static final String NAME = "server.properties";

  private static final int LATE = 100;

  private final Path file;
  private final Map<String, String> properties = new TreeMap<>();

  private ServerFile(Path file, Properties properties) {
    this.file = file;
    properties
        .stringPropertyNames()
        .forEach(name -> this.properties.put(name, properties.getProperty(name)));
  }

  /**
   * Returns the module in this folder.
   *
   * @throws StackException if a property is missing, unknown or has a wrong value
   */
  static ServerModule read(String id, Path folder) {
    Path file = folder.resolve(NAME);
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new StackException("The file " + file + " cannot be read: " + e, e);
    }
    return new ServerFile(file, properties).module(id, folder);
  }

  private ServerModule module(String id, Path folder) {
    ServerModule module =
        new ServerModule(
            new Server(id, required("description"), number("order", LATE)),
            folder,
            program(),
            flag("optional"),
            number("inner-ports", 0),
            or("address", "${host}:${port}"),
            prefixed("setting."),
            prefixed("environment."));
    if (!properties.isEmpty()) {
      throw refused("it does not know " + properties.keySet());
    }
    requireKnownPlaceholders(module);
    return module;
  }

  private void requireKnownPlaceholders(ServerModule module) {
    try {
      module.endpoint(1);
    } catch (StackException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private ServerProgram program() {
    String main = properties.remove("main");
    return main == null
        ? new ServerProgram.NativeBinary(
            required("binary"),
            words("arguments"),
            required("ready.request"),
            required("ready.line"))
        : new ServerProgram.JavaClass(main, properties.remove("hdfs-main"), words("jvm-options"));
  }

  private Map<String, String> prefixed(String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (String name : List.copyOf(properties.keySet())) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), required(name));
      }
    }
    return found;
  }

  private List<String> words(String name) {
    String text = or(name, "").strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
  }

  private int number(String name, int byDefault) {
    String text = properties.remove(name);
    try {
      return text == null ? byDefault : Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw refused("'" + name + "' is not a whole number: '" + text + "'");
    }
  }

  private boolean flag(String name) {
    String text = or(name, "false").strip();
    if (!text.equals("true") && !text.equals("false")) {
      throw refused("'" + name + "' is neither true nor false: '" + text + "'");
    }
    return text.equals("true");
  }

  private String or(String name, String byDefault) {
    String value = properties.remove(name);
    return value == null ? byDefault : value;
  }

  private String required(String name) {
    @Nullable String value = properties.remove(name);
    if (value == null) {
      throw refused(
          "'" + name + "' is missing" + (name.equals("binary") ? ", and 'main', too" : ""));
    }
    return value;
  }

  private StackException refused(String why) {
    return new StackException("The file " + file + ": " + why);
  }
}
