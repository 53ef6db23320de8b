// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills placeholders of the form {@code ${name}} in the values of {@code server.properties}. */
final class Placeholders {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  private Placeholders() {}

  static String fill(String text, Map<String, String> known) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String value = known.get(match.group(1));
              if (value == null) {
                throw new StackException(
                    "no placeholder ${" + match.group(1) + "}; there are " + known.keySet());
              }
              return Matcher.quoteReplacement(value);
            });
  }
}
