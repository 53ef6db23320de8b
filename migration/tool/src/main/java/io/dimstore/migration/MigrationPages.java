// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.cli.report.HtmlPage;
import io.dimstore.jobs.JobException;
import io.dimstore.migration.gate.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pages of a migration have in common. */
final class MigrationPages {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private MigrationPages() {}

  static String time(Instant at) {
    return TIME.format(at);
  }

  /** Returns a duration in the largest unit that fits. */
  static String duration(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    if (time.toDays() >= 2) {
      return time.toDays() + " d";
    }
    if (time.toHours() >= 2 || seconds == 3_600) {
      return time.toHours() + " h";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + " min" : seconds + " s";
  }

  /** Appends a gate with what is known of its evidence. */
  static void gate(
      HtmlPage page,
      String name,
      boolean holds,
      String text,
      @Nullable Figures figures,
      @Nullable Instant measuredAt,
      @Nullable Long ageSeconds,
      long maxAgeSeconds,
      @Nullable JsonNode content,
      @Nullable String sha256) {
    page.markup("<section class=\"gate ").markup(holds ? "good" : "bad").markup("\"><h3>");
    page.text((holds ? "\u2713 " : "\u2717 ") + name).markup("</h3><p>").text(text).markup("</p>");
    Map<String, String> facts = new LinkedHashMap<>();
    if (figures != null) {
      facts.put("measured", number(figures.measured()) + " " + figures.unit());
      if (figures.limit() != null) {
        facts.put("limit", number(figures.limit()) + " " + figures.unit());
      }
      if (figures.bound() != null) {
        facts.put("95 % bound", number(figures.bound()) + " " + figures.unit());
      }
    }
    if (measuredAt != null && ageSeconds != null) {
      facts.put(
          "at",
          time(measuredAt)
              + ", "
              + (ageSeconds <= 0 ? "just now" : duration(ageSeconds) + " old")
              + ", valid for "
              + duration(maxAgeSeconds));
    }
    page.facts(facts);
    if (content != null || sha256 != null) {
      page.markup("<details><summary>evidence</summary>");
      Map<String, String> details = new LinkedHashMap<>();
      if (content != null) {
        details.put(
            "by", content.path("by").asText() + ", dimstore " + content.path("version").asText());
        content
            .path("evidence")
            .fields()
            .forEachRemaining(field -> details.put(field.getKey(), field.getValue().asText()));
        content
            .path("context")
            .fields()
            .forEachRemaining(field -> details.put(field.getKey(), field.getValue().asText()));
      }
      if (sha256 != null) {
        details.put("SHA-256", sha256);
      }
      page.facts(details).markup("</details>");
    }
    page.markup("</section>");
  }

  /** Returns a number with as many digits as it needs. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 0.01 ? "%.3f" : "%.2e", value);
  }

  static void write(HtmlPage page, Path file) {
    try {
      page.write(file);
    } catch (IOException e) {
      throw new JobException(
          "--html "
              + file
              + ": cannot be written ("
              + e
              + "); give a file in a folder that you may write to.",
          e);
    }
  }
}
