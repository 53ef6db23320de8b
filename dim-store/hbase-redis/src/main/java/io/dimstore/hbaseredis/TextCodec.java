package io.dimstore.hbaseredis;

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
 * Values of one type as people read them: numbers and ISO 8601 times in text, bytes in Base64,
 * nested values in JSON. Thread-safe.
 */
abstract sealed class TextCodec permits TextCodec.Scalar, NestedTextCodec {

  static final JsonFactory JSON = new JsonFactory();

  /** Appends a value that is not null. */
  abstract void write(Object value, JsonGenerator out) throws IOException;

  /** Reads the value whose first token the parser is at; fails for one of another type. */
  abstract Object read(JsonParser in) throws IOException;

  /** The value alone: text is as it is, without quotes. */
  abstract String toText(Object value);

  /** Reads what {@link #toText} wrote; fails with a {@link RuntimeException} on other text. */
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
      throw new IllegalArgumentException("no " + type);
    }
    return value;
  }

  /** How a value stands in JSON. */
  private enum Form {
    NUMBER,
    TEXT,
    LITERAL
  }

  /** A type without parts. */
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
      boolean bare = form == Form.LITERAL || form == Form.NUMBER && !shown.matches(".*[Ny].*");
      if (bare) {
        out.writeRawValue(shown);
      } else {
        out.writeString(shown);
      }
    }

    @Override
    Object read(JsonParser in) throws IOException {
      if (!in.currentToken().isScalarValue()) {
        throw new IllegalArgumentException("no single value");
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

  /** What a part of JSON says, as text. */
  static String json(TextCodec codec, Object value) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      codec.write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Reads a text that is one value in JSON. */
  static Object ofJson(TextCodec codec, String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      Object value = codec.read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("text after the value");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }
}
