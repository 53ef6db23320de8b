// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text of SQL into statements, and hides the secrets in one that is to be shown.
 *
 * <p>Thread-safe.
 */
public final class SqlScript {

  // Whole tokens, in order, so that no quote is taken for one that opens: comments (a hint is
  // none),
  // identifiers, and literals, of which two with = between them are an option.
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*+|/\\*(?!\\+)(?s:.*?)(?:\\*/|\\z)|`[^`]*+`|\"[^\"]*+\""
              + "|'([^']*+(?:''[^']*+)*+)'(?:(\\s*+=\\s*+)'[^']*+(?:''[^']*+)*+')?");

  private static final Pattern WORD = Pattern.compile("[^\\s'`\"(),;=]+");

  private SqlScript() {}

  /**
   * The statements in order, without their semicolons, comments and blank edges; empty ones are
   * left out. Semicolons inside quotes, hints and comments end nothing.
   */
  public static List<String> statements(String text) {
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
      } else if (text.startsWith("/*+", i)) {
        next = end(text, text.indexOf("*/", i), 2);
        statement.append(text, i, next);
      } else if (text.startsWith("/*", i)) {
        next = end(text, text.indexOf("*/", i + 2), 2);
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

  /**
   * The text with stars for the value of every table option that is a secret: a store on the class
   * path declares it to be one ({@code '<store>.<option>'}), Kafka's clients declare it to be a
   * password ({@code 'properties.<setting>'}), or its name sounds like one. Nothing else is
   * changed.
   *
   * @throws io.dimstore.spi.StoreException INVALID if a store on the class path cannot be loaded
   */
  public static String masked(String text) {
    SecretOptions secrets = SecretOptions.onTheClassPath();
    return TOKEN
        .matcher(text)
        .replaceAll(
            token ->
                Matcher.quoteReplacement(
                    token.group(2) != null && secrets.contains(token.group(1))
                        ? "'" + token.group(1) + "'" + token.group(2) + "'******'"
                        : token.group()));
  }

  /**
   * Returns whether a word of the text is the name of a secret option. Unlike {@link #masked}, this
   * does not depend on the quotes, which may be wrong.
   */
  static boolean mayHoldSecrets(String text) {
    SecretOptions secrets = SecretOptions.onTheClassPath();
    return WORD.matcher(text).results().anyMatch(word -> secrets.contains(word.group()));
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
