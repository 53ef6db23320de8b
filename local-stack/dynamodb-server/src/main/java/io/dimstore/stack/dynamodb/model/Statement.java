// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the model needs to know of a PartiQL statement: its clauses, and the attributes that its
 * condition compares with a value. It understands the statements that the service documents, and
 * leaves others unchanged, for the server to refuse.
 */
final class Statement {

  private static final Set<String> AFTER_CLAUSES = Set.of("WHERE", "RETURNING");
  private static final Set<String> BEFORE_TABLE = Set.of("UPDATE", "INTO", "FROM");

  private final String joined;

  /** The attributes that the condition compares with {@code =} or that an INSERT sets. */
  private final Map<String, Token> values = new HashMap<>();

  private final @Nullable String table;
  private final boolean select;

  private Statement(String text, List<Token> tokens) {
    boolean update = !tokens.isEmpty() && tokens.get(0).isWord("UPDATE") && tokens.size() > 1;
    this.joined = update ? joined(text, tokens) : text;
    this.table = readTable(tokens);
    this.select = !tokens.isEmpty() && tokens.get(0).isWord("SELECT");
    readValues(tokens);
  }

  static Statement of(String text) {
    return new Statement(text, Token.split(text));
  }

  private static @Nullable String readTable(List<Token> tokens) {
    for (int i = 0; i + 1 < tokens.size(); i++) {
      String word = tokens.get(i).word();
      if (word != null && BEFORE_TABLE.contains(word)) {
        return tokens.get(i + 1).name();
      }
    }
    return null;
  }

  boolean isSelect() {
    return select;
  }

  /** Returns the table that the statement concerns, or null if it is not found. */
  @Nullable String table() {
    return table;
  }

  /**
   * Returns the statement with one SET and one REMOVE clause, whose parts are separated by commas.
   * The order of its parameters is the same, since REMOVE has none.
   */
  String joined() {
    return joined;
  }

  /**
   * Returns the values that the condition requires of these attributes by {@code =}, or that an
   * INSERT sets. Returns null if one of the attributes has no such value.
   */
  @Nullable ObjectNode key(List<String> names, JsonNode parameters) {
    ObjectNode key = Json.object();
    for (String name : names) {
      Token token = values.get(name);
      JsonNode value = token == null ? null : token.value(parameters);
      if (value == null) {
        return null;
      }
      key.set(name, value);
    }
    return key;
  }

  private static String joined(String text, List<Token> tokens) {
    List<String> sets = new ArrayList<>();
    List<String> removes = new ArrayList<>();
    int first = -1;
    int i = 2;
    while (i < tokens.size() && tokens.get(i).isClause()) {
      first = first < 0 ? tokens.get(i).begin() : first;
      boolean set = tokens.get(i).isWord("SET");
      int begin = tokens.get(i).end();
      i = endOfClause(tokens, i + 1);
      int end = i < tokens.size() ? tokens.get(i).begin() : text.length();
      (set ? sets : removes).add(text.substring(begin, end).strip());
    }
    if (sets.size() < 2 && removes.size() < 2) {
      return text;
    }
    int rest = i < tokens.size() ? tokens.get(i).begin() : text.length();
    return text.substring(0, first)
        + (sets.isEmpty() ? "" : "SET " + String.join(", ", sets) + " ")
        + (removes.isEmpty() ? "" : "REMOVE " + String.join(", ", removes) + " ")
        + text.substring(rest);
  }

  private static int endOfClause(List<Token> tokens, int from) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.nesting();
      if (depth == 0
          && (token.isClause() || (token.word() != null && AFTER_CLAUSES.contains(token.word())))) {
        return i;
      }
    }
    return tokens.size();
  }

  private void readValues(List<Token> tokens) {
    boolean insert = tokens.size() > 1 && tokens.get(0).isWord("INSERT");
    String sign = insert ? ":" : "=";
    int depthOfValues = insert ? 1 : 0;
    int i = 0;
    while (!insert && i < tokens.size() && !tokens.get(i).isWord("WHERE")) {
      i++;
    }
    int depth = 0;
    for (; i + 2 < tokens.size(); i++) {
      depth += tokens.get(i).nesting();
      String name = insert ? tokens.get(i).literal() : tokens.get(i).name();
      if (depth == depthOfValues && name != null && tokens.get(i + 1).text().equals(sign)) {
        values.putIfAbsent(name, tokens.get(i + 2));
      }
    }
  }

  /**
   * A token of a statement.
   *
   * @param text as it is in the statement
   * @param begin index of its first character
   * @param parameter the number of question marks before it
   */
  record Token(String text, int begin, int parameter) {

    static List<Token> split(String text) {
      List<Token> tokens = new ArrayList<>();
      int parameters = 0;
      int i = 0;
      while (i < text.length()) {
        char c = text.charAt(i);
        int end = i + 1;
        if (Character.isWhitespace(c)) {
          i = end;
          continue;
        }
        if (c == '"' || c == '\'') {
          end = endOfQuoted(text, i);
        } else if (isOfWord(c)) {
          while (end < text.length() && isOfWord(text.charAt(end))) {
            end++;
          }
        }
        tokens.add(new Token(text.substring(i, end), i, parameters));
        parameters += c == '?' ? 1 : 0;
        i = end;
      }
      return tokens;
    }

    /** A doubled quote stands for a quote. */
    private static int endOfQuoted(String text, int begin) {
      char quote = text.charAt(begin);
      int i = begin + 1;
      while (i < text.length()) {
        if (text.charAt(i) != quote) {
          i++;
        } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i += 2;
        } else {
          return i + 1;
        }
      }
      return text.length();
    }

    private static boolean isOfWord(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
    }

    int end() {
      return begin + text.length();
    }

    boolean isClause() {
      return isWord("SET") || isWord("REMOVE");
    }

    boolean isWord(String word) {
      return text.equalsIgnoreCase(word);
    }

    /** Returns a word without quotes in upper case, or null. */
    @Nullable String word() {
      return isOfWord(text.charAt(0)) ? text.toUpperCase(Locale.ROOT) : null;
    }

    /** Returns the name of a table or an attribute, or null. */
    @Nullable String name() {
      if (text.charAt(0) == '"' && text.length() > 1) {
        return text.substring(1, text.length() - 1).replace("\"\"", "\"");
      }
      return word() == null ? null : text;
    }

    /** Returns the text between single quotes, or null. */
    @Nullable String literal() {
      return text.charAt(0) == '\'' && text.length() > 1
          ? text.substring(1, text.length() - 1).replace("''", "'")
          : null;
    }

    int nesting() {
      return switch (text) {
        case "(", "[", "{" -> 1;
        case ")", "]", "}" -> -1;
        default -> 0;
      };
    }

    /** Returns the value of a parameter or of a literal, or null. */
    @Nullable JsonNode value(JsonNode parameters) {
      char c = text.charAt(0);
      if (c == '?') {
        return parameters.get(parameter);
      }
      String literal = literal();
      if (literal != null) {
        return Json.object().put("S", literal);
      }
      return Character.isDigit(c) || c == '-' ? Json.object().put("N", text) : null;
    }
  }
}
