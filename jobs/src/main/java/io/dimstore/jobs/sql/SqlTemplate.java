// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces variables <code>${name}</code> in SQL text. A variable is a text inside single quotes,
 * an identifier, or the options of a table, depending on the method that sets its value. No value
 * can end the quotes around it, and a value that looks like a variable is not replaced.
 *
 * <p>Not thread-safe.
 */
public final class SqlTemplate {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Creates a template without values. */
  public SqlTemplate() {}

  /** Sets a variable inside single quotes. Replaces an earlier value. */
  public SqlTemplate text(String name, String value) {
    values.put(name, quoted(value));
    return this;
  }

  /**
   * Sets a variable that is a name or a part of one. Replaces an earlier value.
   *
   * @throws IllegalArgumentException unless the value consists of ASCII letters, digits and
   *     underscores, and does not begin with a digit
   */
  public SqlTemplate identifier(String name, String value) {
    if (!IDENTIFIER.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' for ${" + name + "} is no identifier: use letters, digits and _");
    }
    values.put(name, value);
    return this;
  }

  /**
   * Sets a variable for options in a WITH clause: one per line, sorted by key, with commas between
   * them. Replaces an earlier value.
   *
   * @throws IllegalArgumentException if there are none, because the SQL would then be invalid
   */
  public SqlTemplate options(String name, Map<String, String> options) {
    if (options.isEmpty()) {
      throw new IllegalArgumentException("no table options given for ${" + name + "}");
    }
    values.put(
        name,
        new TreeMap<>(options)
            .entrySet().stream()
                .map(o -> "'" + quoted(o.getKey()) + "' = '" + quoted(o.getValue()) + "'")
                .collect(Collectors.joining(",\n  ")));
    return this;
  }

  /**
   * Returns the text with its values.
   *
   * @param file the name of the text in messages
   * @throws IllegalArgumentException on a variable without a value, naming it and the known ones
   */
  public String render(String file, String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(variable -> Matcher.quoteReplacement(value(file, variable.group(1))));
  }

  /**
   * Returns the text of a UTF-8 file on the class path with its values.
   *
   * @param path from the root of the class path, without a leading slash
   * @throws IllegalArgumentException on a variable without a value, naming it and the known ones
   * @throws IllegalStateException if there is no such file
   * @throws UncheckedIOException if it cannot be read
   */
  public String renderFile(ClassLoader classLoader, String path) {
    try (InputStream in = classLoader.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return render(path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
  }

  private String value(String file, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "%s uses ${%s}, which has no value; these have one: %s"
              .formatted(file, name, new TreeSet<>(values.keySet())));
    }
    return value;
  }

  private static String quoted(String value) {
    return value.replace("'", "''");
  }
}
