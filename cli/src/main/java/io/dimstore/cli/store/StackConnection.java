// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import io.dimstore.cli.Placeholders;
import io.dimstore.cli.StackVariables;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options with which a store reaches the servers of the stack. The names of the options are
 * read from the store's arm of the comparison, which is a properties file in the store's module.
 * The addresses are read from the variables of {@code stack up --format env}.
 */
final class StackConnection {

  private static final String FILE = "META-INF/dimstore/arms/%s.properties";
  private static final String OPTION = "option.";
  private static final Pattern SERVER_SETTING = Pattern.compile("\\$\\{[^.}]+\\.[^}]+}");

  private StackConnection() {}

  /**
   * Returns the options whose servers' variables are set.
   *
   * @param store id of the store; a store without an arm has no options here
   * @param variables returns the value of an environment variable
   */
  static Map<String, String> options(
      String store, ClassLoader classLoader, UnaryOperator<@Nullable String> variables) {
    Properties arm = arm(store, classLoader);
    Map<String, String> options = new TreeMap<>();
    for (String name : arm.stringPropertyNames()) {
      if (name.startsWith(OPTION)) {
        put(options, name.substring(OPTION.length()), arm.getProperty(name), variables);
      }
    }
    return options;
  }

  /**
   * Returns whether an option of this name takes its value from the servers of the stack.
   *
   * @param store id of the store
   */
  static boolean isOfServer(String store, String option, ClassLoader classLoader) {
    return SERVER_SETTING.matcher(arm(store, classLoader).getProperty(OPTION + option, "")).find();
  }

  /** Returns the arm that has the name of the store; empty if there is none. */
  private static Properties arm(String store, ClassLoader classLoader) {
    Properties arm = new Properties();
    try (InputStream in = classLoader.getResourceAsStream(FILE.formatted(store))) {
      if (in != null) {
        arm.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store.equals(arm.getProperty("store")) ? arm : new Properties();
  }

  private static void put(
      Map<String, String> options,
      String name,
      String template,
      UnaryOperator<@Nullable String> variables) {
    try {
      options.put(
          name, Placeholders.fill(template.strip(), placeholder -> value(placeholder, variables)));
    } catch (NoSuchElementException e) {
      // The variable is not set. The store names the option if it needs it.
    }
  }

  /** Returns the setting of a server, such as {@code redis.port}. */
  private static String value(String placeholder, UnaryOperator<@Nullable String> variables) {
    int dot = placeholder.indexOf('.');
    String value =
        dot < 0
            ? null
            : variables.apply(
                StackVariables.name(placeholder.substring(0, dot), placeholder.substring(dot + 1)));
    if (value == null || value.isBlank()) {
      throw new NoSuchElementException(placeholder);
    }
    return value;
  }
}
