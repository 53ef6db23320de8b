package io.dimstore.features;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts a file of SQL into statements, and hides the secrets in one that is to be shown. */
final class SqlScript {

  private static final Pattern SECRET =
      Pattern.compile(
          "('[^']*(?:password|secret|token|credential|access-?key|api-?key|jaas)[^']*'\\s*=\\s*)"
              + "'(?:[^']|'')*'",
          Pattern.CASE_INSENSITIVE);

  private SqlScript() {}

  /** The statements without their semicolons; quotes and comments may hold semicolons. */
  static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int next;
      if (c == '\'' || c == '`' || c == '"') {
        next = end(text, text.indexOf(c, i + 1), 1); // a doubled quote reads as two literals
        statement.append(text, i, next);
      } else if (text.startsWith("--", i)) {
        next = end(text, text.indexOf('\n', i), 0);
      } else if (text.startsWith("/*", i) && !text.startsWith("/*+", i)) { // a hint is no comment
        next = end(text, text.indexOf("*/", i), 2);
      } else if (c == ';') {
        next = i + 1;
        add(statements, statement);
      } else {
        next = i + 1;
        statement.append(c);
      }
      i = next;
    }
    add(statements, statement);
    return statements;
  }

  /** The text with the value of every option that sounds secret replaced by stars. */
  static String masked(String text) {
    return SECRET.matcher(text).replaceAll("$1'******'");
  }

  private static int end(String text, int found, int length) {
    return found < 0 ? text.length() : found + length;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      statements.add(text);
    }
    statement.setLength(0);
  }
}
