// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.report;

import java.util.Locale;

/**
 * Formats numbers for the console table and the report: with three significant digits, or as whole
 * counts.
 */
public final class NumberFormats {

  private NumberFormats() {}

  /** Formats a whole count, with thousands separated by commas. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Formats a measured value with about three significant digits; NaN becomes a dash. */
  public static String measure(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    if (size >= 100 || value == 0) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
  }

  /** Formats a ratio with three decimals. */
  public static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Formats the interval of a ratio. */
  public static String ratios(double low, double high) {
    return ratio(low) + " - " + ratio(high);
  }
}
