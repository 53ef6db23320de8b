// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.report;

import java.util.List;
import java.util.Locale;

/**
 * Draws horizontal bars as inline SVG: one bar below each label, with its parts stacked from left
 * to right.
 */
public final class BarChart {

  /** The width that a phone of 390 pixels leaves, so that the text there has its full size. */
  private static final int WIDTH = 358;

  private static final int LINE = 44;
  private static final int TEXT = 15;
  private static final int BAR = 22;

  /** One line of the chart. */
  public record Bar(String label, List<Part> parts) {
    double total() {
      return parts.stream().mapToDouble(Part::value).sum();
    }
  }

  /** One stacked part. {@code tone} selects its colour class; {@code name} is its tooltip. */
  public record Part(String name, double value, int tone) {}

  private BarChart() {}

  /**
   * Returns the chart as an {@code svg} element.
   *
   * @param title the description for screen readers
   * @param unit the unit of the values, shown in tooltips
   */
  public static String svg(String title, String unit, List<Bar> bars) {
    double max =
        bars.stream().mapToDouble(Bar::total).filter(d -> !Double.isNaN(d)).max().orElse(0);
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH,
            bars.size() * LINE,
            HtmlPage.escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      append(out, bars.get(i), i * LINE, max, unit);
    }
    return out.append("</svg>").toString();
  }

  private static void append(StringBuilder out, Bar bar, int top, double max, String unit) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"0\" y=\"%d\">%s</text>"
                + "<text class=\"value\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            top + TEXT,
            HtmlPage.escape(bar.label()),
            WIDTH,
            top + TEXT,
            NumberFormats.measure(bar.total())));
    double x = 0;
    for (Part part : bar.parts()) {
      double width = max > 0 && part.value() > 0 ? part.value() / max * WIDTH : 0;
      out.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"tone%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" rx=\"2\">"
                  + "<title>%s: %s %s</title></rect>",
              part.tone(),
              x,
              top + BAR,
              Math.max(width, part.value() > 0 ? 1 : 0),
              HtmlPage.escape(part.name()),
              NumberFormats.measure(part.value()),
              HtmlPage.escape(unit)));
      x += width;
    }
  }
}
