// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/** Reads numbers and the other types whose values are scalars without quotes in JSON. */
final class JsonNumber implements JsonValue {

  private static final JsonFactory JSON = new JsonFactory();

  private final String path;
  private final String expected;
  private final Reader reader;

  private JsonNumber(String path, String expected, Reader reader) {
    this.path = path;
    this.expected = expected;
    this.reader = reader;
  }

  /** Reads a scalar. */
  @FunctionalInterface
  private interface Reader {

    /** Returns the value, or null if the token is not one of the type. */
    @Nullable Object read(JsonParser json, JsonToken token) throws BadRecord, IOException;
  }

  @Override
  public Object read(JsonParser json) throws BadRecord, IOException {
    Object value = reader.read(json, json.currentToken());
    if (value == null) {
      throw wrong();
    }
    return value;
  }

  @Override
  public Object ofText(String text) throws BadRecord {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        throw wrong();
      }
      Object value = read(json);
      if (json.nextToken() != null) {
        throw wrong();
      }
      return value;
    } catch (IOException e) {
      throw wrong();
    }
  }

  private BadRecord wrong() {
    return new BadRecord(ChangeReason.WRONG_TYPE, path + " is not " + expected);
  }

  private static BadRecord doesNotFit(String path, String type) {
    return new BadRecord(ChangeReason.OUT_OF_RANGE, path + " does not fit " + type);
  }

  static JsonNumber bool(String path) {
    return new JsonNumber(
        path, "true or false", (json, token) -> token.isBoolean() ? json.getBooleanValue() : null);
  }

  /** Reads integers, and intervals, which are whole months or milliseconds. */
  static JsonNumber whole(String path, LogicalType type) {
    String name = type.copy(true).asSummaryString();
    LogicalTypeRoot root = type.getTypeRoot();
    return new JsonNumber(
        path,
        switch (root) {
          case INTERVAL_YEAR_MONTH -> "a whole number of months";
          case INTERVAL_DAY_TIME -> "a whole number of milliseconds";
          default -> "a whole number";
        },
        (json, token) -> {
          if (token != JsonToken.VALUE_NUMBER_INT) {
            return null;
          }
          if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw doesNotFit(path, name);
          }
          Object value = narrowed(root, json.getLongValue());
          if (value == null) {
            throw doesNotFit(path, name);
          }
          return value;
        });
  }

  private static @Nullable Object narrowed(LogicalTypeRoot root, long value) {
    return switch (root) {
      case TINYINT -> (byte) value == value ? (Object) (byte) value : null;
      case SMALLINT -> (short) value == value ? (Object) (short) value : null;
      case INTEGER -> (int) value == value ? (Object) (int) value : null;
      case INTERVAL_YEAR_MONTH ->
          (int) value == value ? Period.ofMonths((int) value).normalized() : null;
      case INTERVAL_DAY_TIME -> Duration.ofMillis(value);
      default -> value;
    };
  }

  static JsonNumber decimal(String path, DecimalType type) {
    String name = type.copy(true).asSummaryString();
    int scale = type.getScale();
    int integerDigits = type.getPrecision() - scale;
    return new JsonNumber(
        path,
        "a number",
        (json, token) -> {
          if (!token.isNumeric()) {
            return null;
          }
          BigDecimal number = decimalOf(json, path, name);
          if (number.signum() == 0) { // a zero with any exponent
            return BigDecimal.ZERO.setScale(scale);
          }
          // This limits the exponent before any arithmetic. Otherwise, removing the zeros at the
          // end
          // of 100E2147483647 would overflow the exponent, and setting a scale for 1E1000000000
          // would make a number of that many digits.
          if ((long) number.precision() - number.scale() > integerDigits) {
            throw doesNotFit(path, name);
          }
          BigDecimal plain = number.stripTrailingZeros();
          if (plain.scale() > scale) {
            throw doesNotFit(path, name);
          }
          return plain.setScale(scale);
        });
  }

  private static BigDecimal decimalOf(JsonParser json, String path, String name)
      throws BadRecord, IOException {
    try {
      return new BigDecimal(json.getText());
    } catch (NumberFormatException e) { // its exponent has more than 32 bits
      throw doesNotFit(path, name);
    }
  }

  /** Reads the nearest FLOAT. Refuses a number that would become infinite or, wrongly, zero. */
  static JsonNumber single(String path) {
    return new JsonNumber(
        path,
        "a number",
        (json, token) -> {
          if (!isNumber(json, token)) {
            return null;
          }
          String text = json.getText();
          float value = Float.parseFloat(text);
          if (token.isNumeric() && (Float.isInfinite(value) || (value == 0 && !isZero(text)))) {
            throw doesNotFit(path, "FLOAT");
          }
          return value;
        });
  }

  /** Reads the nearest DOUBLE. Refuses a number that would become infinite or, wrongly, zero. */
  static JsonNumber twice(String path) {
    return new JsonNumber(
        path,
        "a number",
        (json, token) -> {
          if (!isNumber(json, token)) {
            return null;
          }
          String text = json.getText();
          double value = Double.parseDouble(text);
          if (token.isNumeric() && (Double.isInfinite(value) || (value == 0 && !isZero(text)))) {
            throw doesNotFit(path, "DOUBLE");
          }
          return value;
        });
  }

  /** Returns whether a number of JSON has no digit but 0 before its exponent. */
  private static boolean isZero(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c == 'e' || c == 'E') {
        return true;
      }
      if (c >= '1' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  /** JSON has no number for three values of IEEE 754. Flink and Jackson write them as texts. */
  private static boolean isNumber(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      return token.isNumeric();
    }
    return switch (json.getText()) {
      case "NaN", "Infinity", "-Infinity" -> true;
      default -> false;
    };
  }
}
