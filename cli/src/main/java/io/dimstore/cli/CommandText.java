// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Formats the command line of a run for its report, so that a shell can run it again. Values that
 * may be secrets are replaced by {@code ******}: the user and password of a URL, and every value
 * whose name contains a word such as {@code password}, {@code secret} or {@code key}.
 */
public final class CommandText {

  /** Prefix of the variables that change what a command does; they precede it in the text. */
  private static final String VARIABLES = "DIMSTORE_";

  private static final String STARS = "******";

  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i)(passw|secret|token|credential|private|(^|[-_.])key)");

  private static final Pattern USER_OF_URL = Pattern.compile("(?<=://)[^/@\\s]*(?=@)");

  /** A name and its value inside of a word, such as {@code -Dname=value}. */
  private static final Pattern ASSIGNMENT = Pattern.compile("([^\\s=,?&;]+)=([^\\s,&;]*)");

  private static final Pattern PLAIN = Pattern.compile("[\\w./:,=@%+*-]+");

  private CommandText() {}

  /**
   * Returns the command line.
   *
   * @param program the program's name
   * @param arguments the arguments as the user typed them
   * @param environment the environment of the process, of which only dimstore's variables are shown
   */
  public static String of(String program, List<String> arguments, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(VARIABLES)) {
                words.add(name + "=" + quoted(isSecret(name) ? STARS : masked(value)));
              }
            });
    words.add(program);
    boolean secret = false;
    for (String argument : arguments) {
      words.add(quoted(secret ? STARS : masked(argument)));
      secret = argument.startsWith("--") && !argument.contains("=") && isSecret(argument);
    }
    return String.join(" ", words);
  }

  private static String masked(String word) {
    return ASSIGNMENT
        .matcher(USER_OF_URL.matcher(word).replaceAll(STARS))
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    isSecret(match.group(1)) ? match.group(1) + "=" + STARS : match.group()));
  }

  private static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
