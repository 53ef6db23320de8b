package io.dimstore.spi;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as options write them. */
final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*([a-z]+)");

  /** A hundred years or so: nothing that adds it to a time of today overflows, in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Durations() {}

  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is no duration such as '500 ms', '10 s', '5 min', '7 d'");
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
      default -> throw new IllegalArgumentException("has no unit out of ms, s, min, h, d");
    };
  }

  static String format(Duration duration) {
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
