// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether a licence is one of the open-source licences under which servers are downloaded.
 * Licences are SPDX expressions, as in the {@code license} of npm packages, such as {@code (MIT OR
 * Apache-2.0)}. Add a licence only if it is an open-source one: SSPL-1.0, BUSL-1.1 and RSALv2 are
 * not.
 */
public final class OpenSourceLicence {

  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "MIT",
          "MIT-0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "ISC",
          "EPL-2.0",
          "MPL-2.0",
          "GPL-2.0-only WITH Classpath-exception-2.0");

  private static final Pattern WORD = Pattern.compile("[()]|[^\\s()]+");

  private static final Set<String> OPERATORS = Set.of("(", ")", "OR", "AND", "WITH");

  private final Deque<String> words;

  private OpenSourceLicence(List<String> words) {
    this.words = new ArrayDeque<>(words);
  }

  /**
   * Returns whether an expression can be met with allowed licences: all of {@code AND}, and one of
   * {@code OR}. An expression that cannot be read is not allowed.
   */
  public static boolean isAllowed(String expression) {
    List<String> words =
        WORD.matcher(expression)
            .results()
            .map(found -> found.group())
            .map(word -> isOperator(word) ? word.toUpperCase(Locale.ROOT) : word)
            .toList();
    OpenSourceLicence rest = new OpenSourceLicence(words);
    try {
      return rest.anyOf() && rest.words.isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isOperator(String word) {
    return OPERATORS.contains(word.toUpperCase(Locale.ROOT));
  }

  private boolean anyOf() {
    boolean allowed = allOf();
    while (takes("OR")) {
      allowed |= allOf();
    }
    return allowed;
  }

  private boolean allOf() {
    boolean allowed = one();
    while (takes("AND")) {
      allowed &= one();
    }
    return allowed;
  }

  private boolean one() {
    if (takes("(")) {
      boolean allowed = anyOf();
      if (!takes(")")) {
        throw new IllegalArgumentException("A bracket is not closed");
      }
      return allowed;
    }
    String licence = id();
    return ALLOWED.contains(takes("WITH") ? licence + " WITH " + id() : licence);
  }

  private String id() {
    String word = words.poll();
    if (word == null || isOperator(word)) {
      throw new IllegalArgumentException("A licence is missing");
    }
    return word;
  }

  private boolean takes(String word) {
    if (word.equals(words.peek())) {
      words.remove();
      return true;
    }
    return false;
  }
}
