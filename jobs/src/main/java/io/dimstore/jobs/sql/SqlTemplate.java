// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.table.utils.EncodingUtils;

/**
 * Replaces variables <code>${name}</code> in SQL text. A variable is a text inside single quotes,
 * an identifier, or the columns or options of a table, depending on the method that sets its value.
 * No value can end the quotes around it, and a value that looks like a variable is not replaced.
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
   * Returns whether a value consists of ASCII letters, digits and underscores, and does not begin
   * with a digit.
   */
  public static boolean isIdentifier(String value) {
    return IDENTIFIER.matcher(value).matches();
  }

  /**
   * Sets a variable that is a name or a part of one. Replaces an earlier value.
   *
   * @throws IllegalArgumentException unless the value {@linkplain #isIdentifier is an identifier}
   */
  public SqlTemplate identifier(String name, String value) {
    if (!isIdentifier(value)) {
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

  /** Sets a variable that is a list of names, such as the columns of a key. */
  public SqlTemplate names(String name, List<String> names) {
    values.put(
        name,
        names.stream().map(EncodingUtils::escapeIdentifier).collect(Collectors.joining(", ")));
    return this;
  }

  /**
   * Sets a variable that declares columns, one per line with commas between them. All of them can
   * be null. Replaces an earlier value.
   */
  public SqlTemplate columns(String name, RowType columns) {
    values.put(
        name,
        columns.getFields().stream()
            .map(c -> EncodingUtils.escapeIdentifier(c.getName()) + " " + inSql(c.getType()))
            .collect(Collectors.joining(",\n  ")));
    return this;
  }

  private static String inSql(LogicalType type) {
    return type.copy(true)
        .asSerializableString()
        .replace("VARCHAR(" + VarCharType.MAX_LENGTH + ")", "STRING")
        .replace("VARBINARY(" + VarBinaryType.MAX_LENGTH + ")", "BYTES");
  }

  /** Returns the names of the variables in a text. */
  static Set<String> variables(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .map(variable -> variable.group(1))
        .collect(Collectors.toCollection(LinkedHashSet::new));
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
