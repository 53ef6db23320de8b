// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.spi.SecretNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Formats the command line of a run for its report, so that a shell can run it again. Values that
 * may be secrets are replaced by {@code ******}: the user and password of an address, and whatever
 * follows a name of {@link SecretNames} in the same word.
 */
final class CommandText {

  /** Prefix of the variables that change what a command does; they precede it in the text. */
  private static final String VARIABLES = "DIMSTORE_";

  private static final String STARS = "******";

  /** The user and password before a host. They reach to the last {@code @} of a word. */
  private static final Pattern USER =
      Pattern.compile("(?<=://)\\S*(?=@)|(?<=^|[\\s=,;])[^\\s=,;:/@]*:(?!//)\\S*(?=@)");

  /** A name and the sign after it, anywhere in a word, such as {@code -Dname=}. */
  private static final Pattern ASSIGNMENT = Pattern.compile("([^\\s=,?&;]+)\\s*=");

  private static final Pattern PLAIN = Pattern.compile("[\\w./:,=@%+*-]+");

  private CommandText() {}

  /**
   * Returns the command line.
   *
   * @param program the program's name
   * @param arguments the arguments as the user typed them
   * @param environment the environment of the process, of which only dimstore's variables are shown
   */
  static String of(String program, List<String> arguments, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(VARIABLES)) {
                words.add(name + "=" + quoted(SecretNames.contains(name) ? STARS : masked(value)));
              }
            });
    words.add(program);
    boolean secret = false;
    for (String argument : arguments) {
      words.add(quoted(secret ? STARS : masked(argument)));
      secret =
          argument.startsWith("--") && !argument.contains("=") && SecretNames.contains(argument);
    }
    return String.join(" ", words);
  }

  /**
   * Masks users, and everything after the first name of a secret: a secret may contain any
   * character, so only the end of the word certainly ends it.
   */
  private static String masked(String word) {
    int end = startOfSecret(word);
    StringBuilder masked = new StringBuilder();
    int next = 0;
    Matcher user = USER.matcher(word);
    while (user.find() && user.start() < end) {
      masked.append(word, next, user.start()).append(STARS);
      next = user.end();
    }
    if (next < end) {
      masked.append(word, next, end).append(end < word.length() ? STARS : "");
    }
    return masked.toString();
  }

  /** Returns where the value of the first secret begins, or the word's length if there is none. */
  private static int startOfSecret(String word) {
    Matcher assignment = ASSIGNMENT.matcher(word);
    while (assignment.find()) {
      if (SecretNames.contains(assignment.group(1))) {
        return assignment.end();
      }
    }
    return word.length();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
