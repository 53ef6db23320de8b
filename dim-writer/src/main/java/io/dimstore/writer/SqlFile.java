package io.dimstore.writer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The SQL files of the job, with {@code ${name}} where a value of the run stands. A semicolon at
 * the end of a line ends a statement; lines that begin with {@code --} are comments.
 */
final class SqlFile {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private SqlFile() {}

  /** The statements of a file. It is cut before the values are put in: they cannot end one. */
  static List<String> statements(String file, Map<String, String> variables) {
    List<String> statements = new ArrayList<>();
    for (String statement : read(file).replaceAll("(?m)^--.*\n", "").split(";\\s*(?:\n|$)", -1)) {
      if (!statement.isBlank()) {
        statements.add(render(file, statement.strip(), variables));
      }
    }
    return statements;
  }

  /** A value that stands inside single quotes. */
  static String text(String value) {
    return value.replace("'", "''");
  }

  /** A value that stands for the options in a WITH clause; at least one. */
  static String options(Map<String, String> options) {
    return new TreeMap<>(options)
        .entrySet().stream()
            .map(option -> "'" + text(option.getKey()) + "' = '" + text(option.getValue()) + "'")
            .collect(Collectors.joining(",\n  "));
  }

  private static String render(String file, String statement, Map<String, String> variables) {
    Matcher matcher = VARIABLE.matcher(statement);
    return matcher.replaceAll(
        found -> {
          String value = variables.get(found.group(1));
          if (value == null) {
            throw new IllegalStateException(file + ": " + found.group() + " has no value");
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static String read(String file) {
    try (InputStream in = SqlFile.class.getResourceAsStream("/sql/writer/" + file)) {
      if (in == null) {
        throw new IllegalStateException("sql/writer/" + file + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("sql/writer/" + file + " cannot be read", e);
    }
  }
}
