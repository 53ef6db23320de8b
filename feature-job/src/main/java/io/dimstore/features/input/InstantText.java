// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Parses ISO-8601 instants to milliseconds since 1970. Digits below a millisecond are truncated.
 */
final class InstantText {

  /** The result for a text that is not a valid instant. */
  static final long UNREADABLE = Long.MIN_VALUE;

  /** The last millisecond of the year 9999. */
  static final long MAX = 253_402_300_799_999L;

  private InstantText() {}

  /** Returns the instant in milliseconds since 1970, or {@link #UNREADABLE}. */
  static long millis(String text) {
    try {
      return isPlain(text) ? plain(text) : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return UNREADABLE;
    }
  }

  /**
   * Returns whether the text has the form {@code 2010-12-01T08:26:00.000Z}. Our own sources write
   * this form, and it is parsed without a formatter.
   */
  private static boolean isPlain(String text) {
    return text.length() == 24
        && text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':'
        && text.charAt(19) == '.'
        && text.charAt(23) == 'Z';
  }

  private static long plain(String text) {
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("no time of day");
    }
    return ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + number(text, 20, 23);
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new DateTimeException("no digit");
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
