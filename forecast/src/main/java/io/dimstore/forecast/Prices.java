// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The prices of one region at one date, read from a file. Immutable. */
public final class Prices {

  /** The default price file, which is part of the program. */
  public static final String SHIPPED = "prices-us-east-1-2024-11.properties";

  private static final String HOUR = "hour.";
  private static final String MONTH = "month.";

  private final String file;
  private final Properties values;

  private Prices(String file, Properties values) {
    this.file = file;
    this.values = values;
  }

  /** Reads a price file. Without a path it reads {@link #SHIPPED}. */
  public static Prices read(@Nullable Path path) throws IOException {
    Properties values = new Properties();
    if (path != null) {
      try (Reader reader = Files.newBufferedReader(path)) {
        values.load(reader);
      } catch (IllegalArgumentException e) {
        throw new ForecastException("--prices " + path + ": " + e.getMessage());
      }
      return new Prices(path.toString(), values);
    }
    try (InputStream in = Prices.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IOException(SHIPPED + " is not on the class path");
      }
      values.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return new Prices(SHIPPED, values);
  }

  /** Returns a price or another figure, which must be above 0. */
  double value(String name) {
    String text = text(name);
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value < Double.POSITIVE_INFINITY) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The exception below reports the text.
    }
    throw new ForecastException(file + ": '" + name + "' is '" + text + "', which is no price.");
  }

  String text(String name) {
    String text = values.getProperty(name);
    if (text == null || text.isBlank()) {
      throw new ForecastException(file + ": '" + name + "' is missing.");
    }
    return text.trim();
  }

  /** Returns the monthly cost of the given number of each node. */
  double monthly(Map<String, Double> nodes) {
    double sum = 0;
    for (Map.Entry<String, Double> node : nodes.entrySet()) {
      if (values.containsKey(HOUR + node.getKey())) {
        sum += node.getValue() * value(HOUR + node.getKey()) * value("hours-per-month");
      } else if (values.containsKey(MONTH + node.getKey())) {
        sum += node.getValue() * value(MONTH + node.getKey());
      } else {
        throw new ForecastException(
            file
                + " has no price for '"
                + node.getKey()
                + "'; it has: "
                + String.join(", ", names()));
      }
    }
    return sum;
  }

  private SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    for (String name : values.stringPropertyNames()) {
      if (name.startsWith(HOUR)) {
        names.add(name.substring(HOUR.length()));
      } else if (name.startsWith(MONTH)) {
        names.add(name.substring(MONTH.length()));
      }
    }
    return names;
  }

  /** Describes the price list for the user: its region, date, file and source. */
  public String describe() {
    return text("region") + ", " + text("date") + " (" + file + ": " + text("source") + ")";
  }
}
