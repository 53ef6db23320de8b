// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills placeholders of the form {@code ${name}} in texts. */
public final class Placeholders {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  private Placeholders() {}

  /**
   * Returns the text with the value of each name.
   *
   * @param values returns the value of a name. What it throws for an unknown name is passed on
   */
  public static String fill(String text, UnaryOperator<String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.apply(match.group(1))));
  }
}
