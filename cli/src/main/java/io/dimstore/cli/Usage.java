// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.Locale;

/**
 * Creates reports of wrong usage with the same wording: the option, the value, and what the value
 * has to be.
 */
public final class Usage {

  private Usage() {}

  /**
   * Returns the report of a mistake that concerns more than one option. The message states what to
   * do instead.
   */
  public static UsageException error(String message) {
    return new UsageException(message);
  }

  /**
   * Returns the report of a value that an option does not accept.
   *
   * @param remedy what the value has to be, such as {@code must be at least 1}
   */
  public static UsageException badValue(String option, Object value, String remedy) {
    return error(worded(option, value, remedy));
  }

  static String worded(String option, Object value, String remedy) {
    return option + " '" + value + "': " + remedy;
  }

  /** Refuses a value below the minimum. */
  public static void requireAtLeast(long least, String option, long value) {
    if (value < least) {
      throw badValue(option, value, "must be at least " + least);
    }
  }

  /** Refuses a value outside the bounds, which are inclusive. */
  public static void requireBetween(long least, long most, String option, long value) {
    if (value < least || value > most) {
      throw badValue(option, value, String.format(Locale.ROOT, "must be %,d to %,d", least, most));
    }
  }
}
