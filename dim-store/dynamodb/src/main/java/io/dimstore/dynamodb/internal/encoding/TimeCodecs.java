// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static io.dimstore.dynamodb.internal.encoding.ScalarCodecs.number;
import static io.dimstore.dynamodb.internal.encoding.ScalarCodecs.of;
import static io.dimstore.dynamodb.internal.encoding.ScalarCodecs.required;

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
 * Codecs of dates, times and intervals. Dates and times are stored as ISO 8601 text, in the format
 * of {@code toString} of their class, so that equal keys have equal text. Every format that {@code
 * parse} of the class accepts can be read, for instance without seconds. Intervals have the format
 * of the AWS SDK's enhanced client. An interval of years and months is an ISO 8601 period. An
 * interval of days to seconds is the number {@code getSeconds().getNano()}, in which the fraction
 * is positive even if the seconds are negative: -1 ms is stored as -1.999.
 */
@SuppressWarnings("BadImport") // Short names, because each line below uses these classes.
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
      throw new IllegalArgumentException("is not a whole number of milliseconds: " + seconds);
    }
    return millis;
  }
}
