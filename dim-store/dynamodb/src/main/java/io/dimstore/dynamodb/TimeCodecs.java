package io.dimstore.dynamodb;

import static io.dimstore.dynamodb.ScalarCodecs.number;
import static io.dimstore.dynamodb.ScalarCodecs.of;
import static io.dimstore.dynamodb.ScalarCodecs.required;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Locale;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Dates and times as ISO 8601 text in the one form that {@code toString} of their class gives, so
 * that equal keys have equal text; read in every form that {@code parse} takes, seconds missing
 * included. Intervals are as the enhanced client of the AWS SDK has them: years and months as an
 * ISO 8601 period; days to seconds as the number {@code getSeconds().getNano()}, in which the
 * fraction counts upwards also where the seconds are negative: -1 ms is -1.999.
 */
final class TimeCodecs {

  static final ValueCodec DATE = text(LocalDate::parse);

  static final ValueCodec TIME = text(LocalTime::parse);

  static final ValueCodec TIMESTAMP = text(LocalDateTime::parse);

  static final ValueCodec TIMESTAMP_LTZ = text(Instant::parse);

  static final ValueCodec YEAR_MONTH =
      of(
          value -> AttributeValue.fromS(value.toString()),
          attribute -> months(Period.parse(required(attribute.s(), attribute))));

  static final ValueCodec DAY_TIME =
      of(
          value -> AttributeValue.fromN(seconds((Duration) value)),
          attribute -> duration(new BigDecimal(number(attribute))));

  private TimeCodecs() {}

  private static ValueCodec text(Function<String, Object> parse) {
    return of(
        value -> AttributeValue.fromS(value.toString()),
        attribute -> parse.apply(required(attribute.s(), attribute)));
  }

  private static Period months(Period read) {
    if (read.getDays() != 0) {
      throw new IllegalArgumentException("has days: " + read);
    }
    return read.normalized();
  }

  private static String seconds(Duration duration) {
    return duration.getNano() == 0
        ? Long.toString(duration.getSeconds())
        : duration.getSeconds() + "." + String.format(Locale.ROOT, "%09d", duration.getNano());
  }

  private static Duration duration(BigDecimal seconds) {
    long whole = seconds.toBigInteger().longValueExact();
    BigDecimal fraction = seconds.subtract(BigDecimal.valueOf(whole)).abs();
    Duration exact = Duration.ofSeconds(whole, fraction.movePointRight(9).intValueExact());
    Duration millis = Duration.ofMillis(exact.toMillis());
    if (!millis.equals(exact)) {
      throw new IllegalArgumentException("is no whole number of milliseconds: " + seconds);
    }
    return millis;
  }
}
