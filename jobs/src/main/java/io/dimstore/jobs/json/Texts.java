// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/** Writes text and times. */
final class Texts {

  private static final int MOST_DIGITS = 9;

  private Texts() {}

  /** Writes a text, escaped where JSON requires it. */
  static void write(JsonGenerator json, StringData text) throws IOException {
    byte[] bytes = text.toBytes();
    if (isAscii(bytes)) {
      json.writeUTF8String(bytes, 0, bytes.length);
    } else {
      // The bytes need not be valid UTF-8.
      json.writeString(text.toString());
    }
  }

  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte each : bytes) {
      all |= each;
    }
    return all >= 0;
  }

  /**
   * Writes a time as ISO 8601 has it, without trailing zeros of the fraction, and without the
   * fraction if it is 0.
   *
   * @param zone what follows the time
   */
  static void write(JsonGenerator json, TimestampData time, String zone) throws IOException {
    LocalDateTime local = time.toLocalDateTime();
    if (local.getYear() < 0 || local.getYear() > 9999) {
      json.writeString(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local) + zone);
      return;
    }
    StringBuilder text = new StringBuilder(32);
    digits(text, local.getYear(), 4);
    digits(text.append('-'), local.getMonthValue(), 2);
    digits(text.append('-'), local.getDayOfMonth(), 2);
    digits(text.append('T'), local.getHour(), 2);
    digits(text.append(':'), local.getMinute(), 2);
    digits(text.append(':'), local.getSecond(), 2);
    fraction(text, local.getNano());
    json.writeString(text.append(zone).toString());
  }

  private static void fraction(StringBuilder text, int nanos) {
    if (nanos == 0) {
      return;
    }
    int width = MOST_DIGITS;
    int rest = nanos;
    while (rest % 10 == 0) {
      rest /= 10;
      width--;
    }
    digits(text.append('.'), rest, width);
  }

  private static void digits(StringBuilder text, int value, int width) {
    String digits = Integer.toString(value);
    for (int i = digits.length(); i < width; i++) {
      text.append('0');
    }
    text.append(digits);
  }
}
