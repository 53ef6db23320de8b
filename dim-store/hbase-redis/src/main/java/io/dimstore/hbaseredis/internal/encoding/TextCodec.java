// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.DataType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values of one type as readable text: numbers in decimal, times in ISO 8601, bytes in
 * Base64, nested values in JSON. Thread-safe.
 */
abstract sealed class TextCodec permits TextCodec.Scalar, NestedTextCodec {

  static final JsonFactory JSON = new JsonFactory();

  /** Appends a value that is not null. */
  abstract void write(Object value, JsonGenerator out) throws IOException;

  /**
   * Reads a value. The parser must be at its first token. Throws an exception if the value is of
   * another type.
   */
  abstract Object read(JsonParser in) throws IOException;

  /** Returns the text of a value on its own; text has no quotes. */
  abstract String toText(Object value);

  /** Parses the result of {@link #toText}. Throws a {@link RuntimeException} for other text. */
  abstract Object ofText(String text);

  void writeNullable(@Nullable Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else {
      write(value, out);
    }
  }

  @Nullable Object readNullable(JsonParser in) throws IOException {
    return in.currentToken() == JsonToken.VALUE_NULL ? null : read(in);
  }

  static TextCodec of(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case BOOLEAN -> new Scalar(Form.LITERAL, Object::toString, TextCodec::bool);
        case TINYINT -> new Scalar(Form.NUMBER, Object::toString, Byte::valueOf);
        case SMALLINT -> new Scalar(Form.NUMBER, Object::toString, Short::valueOf);
        case INT -> new Scalar(Form.NUMBER, Object::toString, Integer::valueOf);
        case BIGINT -> new Scalar(Form.NUMBER, Object::toString, Long::valueOf);
        case FLOAT -> new Scalar(Form.NUMBER, Object::toString, Float::valueOf);
        case DOUBLE -> new Scalar(Form.NUMBER, Object::toString, Double::valueOf);
        case DATE -> new Scalar(Form.TEXT, Object::toString, LocalDate::parse);
        case INTERVAL_YEAR_MONTH -> new Scalar(Form.TEXT, Object::toString, Period::parse);
        case INTERVAL_DAY_TIME -> new Scalar(Form.TEXT, Object::toString, Duration::parse);
      };
    }
    if (type instanceof DataType.Decimal decimal) {
      return new Scalar(
          Form.NUMBER,
          value -> ((BigDecimal) value).toPlainString(),
          text -> decimal(decimal, text));
    }
    if (type instanceof DataType.Text) {
      return new Scalar(Form.TEXT, value -> (String) value, text -> text);
    }
    if (type instanceof DataType.Binary) {
      return new Scalar(
          Form.TEXT,
          value -> Base64.getEncoder().encodeToString((byte[]) value),
          Base64.getDecoder()::decode);
    }
    if (type instanceof DataType.Time) {
      return new Scalar(Form.TEXT, Object::toString, LocalTime::parse);
    }
    if (type instanceof DataType.Timestamp) {
      return new Scalar(Form.TEXT, Object::toString, LocalDateTime::parse);
    }
    if (type instanceof DataType.TimestampLtz) {
      return new Scalar(Form.TEXT, Object::toString, Instant::parse);
    }
    return NestedTextCodec.of(type);
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static Object decimal(DataType.Decimal type, String text) {
    BigDecimal value = new BigDecimal(text);
    if (value.scale() != type.scale() || value.precision() > type.precision()) {
      throw new IllegalArgumentException("not a " + type);
    }
    return value;
  }

  /** The JSON form of a value. */
  private enum Form {
    NUMBER,
    TEXT,
    LITERAL
  }

  /** The codec of a type that is not nested. */
  static final class Scalar extends TextCodec {
    private final Form form;
    private final Function<Object, String> text;
    private final Function<String, Object> parse;

    private Scalar(Form form, Function<Object, String> text, Function<String, Object> parse) {
      this.form = form;
      this.text = text;
      this.parse = parse;
    }

    @Override
    void write(Object value, JsonGenerator out) throws IOException {
      String shown = text.apply(value);
      // JSON has neither NaN nor infinities.
      boolean bare = form == Form.LITERAL || (form == Form.NUMBER && !shown.matches(".*[Ny].*"));
      if (bare) {
        out.writeRawValue(shown);
      } else {
        out.writeString(shown);
      }
    }

    @Override
    Object read(JsonParser in) throws IOException {
      if (!in.currentToken().isScalarValue()) {
        throw new IllegalArgumentException("not a scalar value");
      }
      return parse.apply(in.getText());
    }

    @Override
    String toText(Object value) {
      return text.apply(value);
    }

    @Override
    Object ofText(String shown) {
      return parse.apply(shown);
    }
  }

  /** Returns the JSON text of a value. */
  static String json(TextCodec codec, Object value) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      codec.write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Parses a text that must be exactly one JSON value. */
  static Object ofJson(TextCodec codec, String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      Object value = codec.read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("text after the value");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }
}
