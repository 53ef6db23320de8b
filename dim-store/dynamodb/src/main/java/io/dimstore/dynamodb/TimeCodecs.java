package io.dimstore.dynamodb;

import static io.dimstore.dynamodb.ScalarCodecs.of;
import static io.dimstore.dynamodb.ScalarCodecs.required;
import static io.dimstore.dynamodb.ScalarCodecs.wholeNumber;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Dates and times as ISO 8601 text in the one form that {@code toString} of their class gives, so
 * that equal keys have equal text; read in every form that {@code parse} takes, seconds missing
 * included. Intervals are numbers: months, and milliseconds.
 */
final class TimeCodecs {

  static final ValueCodec DATE = text(LocalDate::parse);

  static final ValueCodec TIME = text(LocalTime::parse);

  static final ValueCodec TIMESTAMP = text(LocalDateTime::parse);

  static final ValueCodec TIMESTAMP_LTZ = text(Instant::parse);

  static final ValueCodec YEAR_MONTH =
      of(
          value -> AttributeValue.fromN(Long.toString(((Period) value).toTotalMonths())),
          attribute -> {
            long months = wholeNumber(attribute);
            return Period.of(Math.toIntExact(months / 12), (int) (months % 12), 0);
          });

  static final ValueCodec DAY_TIME =
      of(
          value -> AttributeValue.fromN(Long.toString(((Duration) value).toMillis())),
          attribute -> Duration.ofMillis(wholeNumber(attribute)));

  private TimeCodecs() {}

  private static ValueCodec text(Function<String, Object> parse) {
    return of(
        value -> AttributeValue.fromS(value.toString()),
        attribute -> parse.apply(required(attribute.s(), attribute)));
  }
}
