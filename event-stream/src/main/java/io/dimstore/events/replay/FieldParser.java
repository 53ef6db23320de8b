// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Parses the fields of a line and refuses those that are missing or unreadable. */
final class FieldParser {

  private static final int MAX_DIGITS = 64;

  private FieldParser() {}

  static String required(String text, String field) throws Refusal {
    if (text.isEmpty()) {
      throw Refusal.missing(field);
    }
    return text;
  }

  static @Nullable String optional(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Parses an int. Refuses {@link Integer#MIN_VALUE}, because its absolute value is not an int. */
  static int integer(String text, String field) throws Refusal {
    try {
      int value = Integer.parseInt(required(text, field));
      if (value != Integer.MIN_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The refusal below reports it.
    }
    throw Refusal.unreadable(field);
  }

  static long longInteger(String text, String field) throws Refusal {
    try {
      return Long.parseLong(required(text, field));
    } catch (NumberFormatException e) {
      throw Refusal.unreadable(field);
    }
  }

  /**
   * Parses a decimal number of limited size: a huge exponent could otherwise use gigabytes later.
   */
  static BigDecimal decimal(String text, String field) throws Refusal {
    required(text, field);
    if (text.length() <= MAX_DIGITS) {
      try {
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) <= MAX_DIGITS) {
          return value;
        }
      } catch (NumberFormatException e) {
        // The refusal below reports it.
      }
    }
    throw Refusal.unreadable(field);
  }
}
