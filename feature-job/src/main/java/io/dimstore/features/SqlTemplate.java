package io.dimstore.features;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables of the SQL files, {@code ${name}}: a text stands inside quotes, an option list in a
 * WITH clause. Values cannot end the quotes that they stand in.
 */
final class SqlTemplate {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> values = new LinkedHashMap<>();

  /** A variable that stands inside single quotes. */
  SqlTemplate text(String name, String value) {
    values.put(name, quoted(value));
    return this;
  }

  /** A variable that stands for table options, one a line, sorted by key; never empty. */
  SqlTemplate options(String name, Map<String, String> options) {
    if (options.isEmpty()) {
      throw new IllegalArgumentException("no table options given for ${" + name + "}");
    }
    StringBuilder list = new StringBuilder();
    new TreeMap<>(options)
        .forEach(
            (key, value) ->
                list.append(list.isEmpty() ? "" : ",\n  ")
                    .append('\'')
                    .append(quoted(key))
                    .append("' = '")
                    .append(quoted(value))
                    .append('\''));
    values.put(name, list.toString());
    return this;
  }

  /**
   * Puts the values in.
   *
   * @param file names the text in the message
   * @throws IllegalArgumentException on a variable without a value
   */
  String render(String file, String text) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder rendered = new StringBuilder();
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null) {
        throw new IllegalArgumentException(
            "%s uses ${%s}, which has no value; known are %s"
                .formatted(file, matcher.group(1), new TreeSet<>(values.keySet())));
      }
      matcher.appendReplacement(rendered, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(rendered).toString();
  }

  private static String quoted(String value) {
    return value.replace("'", "''");
  }
}
