// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognizes settings whose values may be secrets by their names. Programs mask the values of such
 * settings wherever they print them, also those of clients that declare no secrets.
 */
public final class SecretNames {

  private static final Pattern CASE_CHANGE = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  /** Words of names in lower case, whose parts are separated by any other character or by none. */
  private static final Pattern SECRET =
      Pattern.compile(
          "pass(w|phrase|$)|pwd|secret|token|credential|private|jaas|signature"
              + "|(access|api)[-_.]?key"
              + "|(^|[^a-z])(key|sig)$"
              + "|(^|[^a-z])auth(orization)?([^a-z]|$)");

  private SecretNames() {}

  /**
   * Returns whether a name suggests that its value is a secret. Case does not matter, except that
   * an upper-case letter after a lower-case one begins a new word, as in {@code accessKeyId}.
   */
  public static boolean contains(String name) {
    String words = CASE_CHANGE.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
    return SECRET.matcher(words).find();
  }
}
