package io.dimstore.events;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a line, or says what is wrong with them. */
final class Fields {

  private static final int MAX_DIGITS = 64;

  private Fields() {}

  static String required(String text, String field) throws Refusal {
    if (text.isEmpty()) {
      throw Refusal.missing(field);
    }
    return text;
  }

  static @Nullable String optional(String text) {
    return text.isEmpty() ? null : text;
  }

  /** An int whose absolute value is one too. */
  static int integer(String text, String field) throws Refusal {
    try {
      int value = Integer.parseInt(required(text, field));
      if (value != Integer.MIN_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
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

  /** A decimal number of bounded size, so that a wild exponent cannot cost gigabytes later. */
  static BigDecimal decimal(String text, String field) throws Refusal {
    required(text, field);
    if (text.length() <= MAX_DIGITS) {
      try {
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) <= MAX_DIGITS) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below
      }
    }
    throw Refusal.unreadable(field);
  }
}
