// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;

/** Reads the types whose values are texts in JSON: texts, binary data, dates and times. */
final class JsonText implements JsonValue {

  /** Flink computes with times of day in milliseconds. */
  private static final int MAX_TIME_PRECISION = 3;

  private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

  private final String path;
  private final String expected;
  private final Parser parser;

  private JsonText(String path, String expected, Parser parser) {
    this.path = path;
    this.expected = expected;
    this.parser = parser;
  }

  /** Parses a text. */
  @FunctionalInterface
  private interface Parser {

    /**
     * Returns the value.
     *
     * @throws DateTimeException if the text is not a date or time
     * @throws IllegalArgumentException if the text is not the Base64 encoding of any bytes
     */
    Object parse(String text) throws BadRecord;
  }

  @Override
  public Object read(JsonParser json) throws BadRecord, IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong();
    }
    return ofText(json.getText());
  }

  @Override
  public Object ofText(String text) throws BadRecord {
    try {
      return parser.parse(text);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw wrong();
    }
  }

  private BadRecord wrong() {
    return new BadRecord(ChangeReason.WRONG_TYPE, path + " is not " + expected);
  }

  private static BadRecord outOfRange(String detail) {
    return new BadRecord(ChangeReason.OUT_OF_RANGE, detail);
  }

  /**
   * Reads texts.
   *
   * @param length the declared length in characters
   * @param fixed whether a text has exactly that many
   */
  static JsonText string(String path, int length, boolean fixed, int maxUnits) {
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    return new JsonText(
        path,
        "text",
        text -> {
          if (text.length() > maxUnits) {
            throw outOfRange(path + " is longer than " + maxUnits + " characters");
          }
          if (!utf8.canEncode(text)) { // in UTF-8, two such keys would become equal
            throw new BadRecord(ChangeReason.WRONG_TYPE, path + " contains an unpaired surrogate");
          }
          checkLength(path, text.codePointCount(0, text.length()), length, fixed, "characters");
          return text;
        });
  }

  /**
   * Reads binary data in Base64. Refuses a text without its padding, or with bits that the data
   * does not contain, so that each value has one text.
   */
  static JsonText bytes(String path, int length, boolean fixed, int maxBytes) {
    return new JsonText(
        path,
        "binary data in Base64",
        text -> {
          byte[] bytes = Base64.getDecoder().decode(text);
          if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not the encoding of its bytes");
          }
          if (bytes.length > maxBytes) {
            throw outOfRange(path + " is longer than " + maxBytes + " bytes");
          }
          checkLength(path, bytes.length, length, fixed, "bytes");
          return bytes;
        });
  }

  private static void checkLength(String path, int actual, int length, boolean fixed, String unit)
      throws BadRecord {
    if (actual > length) {
      throw outOfRange(path + " is longer than " + length + " " + unit);
    }
    if (fixed && actual < length) {
      throw outOfRange(path + " is shorter than " + length + " " + unit);
    }
  }

  static JsonText date(String path) {
    return new JsonText(
        path,
        "a DATE such as 2024-12-31",
        text -> {
          LocalDate date = LocalDate.parse(text);
          checkDay(path, date);
          return date;
        });
  }

  static JsonText time(String path, int precision) {
    return new JsonText(
        path,
        "a TIME such as 23:59:59",
        text -> {
          LocalTime time = LocalTime.parse(text);
          checkFraction(path, time.getNano(), Math.min(precision, MAX_TIME_PRECISION));
          return time;
        });
  }

  static JsonText timestamp(String path, int precision) {
    return new JsonText(
        path,
        "a TIMESTAMP such as 2024-12-31T23:59:59",
        text -> {
          LocalDateTime time = LocalDateTime.parse(withT(text));
          checkDay(path, time.toLocalDate());
          checkFraction(path, time.getNano(), precision);
          return time;
        });
  }

  static JsonText instant(String path, int precision) {
    return new JsonText(
        path,
        "a TIMESTAMP_LTZ such as 2024-12-31T23:59:59Z",
        text -> {
          Instant time = OffsetDateTime.parse(withT(text)).toInstant();
          checkDay(path, time.atOffset(ZoneOffset.UTC).toLocalDate());
          checkFraction(path, time.getNano(), precision);
          return time;
        });
  }

  /** Returns the ISO form of a timestamp that has a space between its date and its time. */
  private static String withT(String text) {
    int space = "2024-12-31".length();
    return text.length() > space && text.charAt(space) == ' '
        ? text.substring(0, space) + 'T' + text.substring(space + 1)
        : text;
  }

  private static void checkDay(String path, LocalDate day) throws BadRecord {
    if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
      throw outOfRange(path + " is not in the years 1 to 9999");
    }
  }

  private static void checkFraction(String path, int nanos, int precision) throws BadRecord {
    int unit = 1;
    for (int digits = precision; digits < 9; digits++) {
      unit *= 10;
    }
    if (nanos % unit != 0) {
      throw outOfRange(path + " has more than " + precision + " digits of a second");
    }
  }
}
