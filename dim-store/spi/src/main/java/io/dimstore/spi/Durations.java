// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats durations in the notation of options, for instance {@code 500 ms}. */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*([a-z]+)");

  /** About a hundred years. Adding this to the present time, in nanoseconds, does not overflow. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Durations() {}

  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is not a duration such as '500 ms', '10 s', '5 min', '7 d'");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration = of(amount, matcher.group(2));
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("is longer than " + format(LONGEST));
    }
    return duration;
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s", "sec" -> Duration.ofSeconds(amount);
      case "m", "min" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new IllegalArgumentException("has a unit other than ms, s, min, h, d");
    };
  }

  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis > 0 && millis % 86_400_000L == 0) {
      return millis / 86_400_000L + " d";
    }
    if (millis > 0 && millis % 3_600_000L == 0) {
      return millis / 3_600_000L + " h";
    }
    if (millis > 0 && millis % 60_000L == 0) {
      return millis / 60_000L + " min";
    }
    return millis % 1_000L == 0 ? millis / 1_000L + " s" : millis + " ms";
  }
}
