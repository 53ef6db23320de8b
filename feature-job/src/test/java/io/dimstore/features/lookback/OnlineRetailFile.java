// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.features.oracle.OracleEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A plain reader of the real file, for tests: events by the mapping of the event stream. */
final class OnlineRetailFile {

  private OnlineRetailFile() {}

  private static Path path() {
    return Path.of(System.getProperty("dimstore.home", ".."), "../shared/data/online-retail.csv.gz")
        .toAbsolutePath()
        .normalize();
  }

  /** Returns all events. Without the file, it fails with a message that names the missing file. */
  static List<OracleEvent> events() throws IOException {
    if (!Files.isRegularFile(path())) {
      throw new AssertionError(
          "There is no file "
              + path()
              + ": put the \"Online Retail\" data set there, CSV with its header, compressed with"
              + " gzip (README.md says where it comes from).");
    }
    List<OracleEvent> events = new ArrayList<>(540_000);
    Map<String, Long> times = new HashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(path())), UTF_8))) {
      in.readLine();
      long lineNumber = 1;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lineNumber++;
        List<String> f = fields(line);
        BigDecimal price = new BigDecimal(f.get(5));
        if (price.signum() <= 0 || f.get(1).isEmpty()) {
          continue;
        }
        long quantity = Long.parseLong(f.get(3));
        boolean isReturn = f.get(0).startsWith("C") || quantity < 0;
        long amount =
            price
                .movePointRight(2)
                .multiply(BigDecimal.valueOf(Math.abs(quantity)))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        String user =
            f.get(6).isEmpty() ? "guest-" + f.get(0) : f.get(6).substring(0, f.get(6).indexOf('.'));
        events.add(
            new OracleEvent(
                f.get(0) + "-" + lineNumber,
                user,
                f.get(1),
                isReturn ? "return" : "buy",
                Math.abs(quantity),
                amount,
                times.computeIfAbsent(f.get(4), OnlineRetailFile::millis)));
      }
    }
    return events;
  }

  private static long millis(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>(8);
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted; // a doubled quote leaves and enters again; its text is not used here
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
