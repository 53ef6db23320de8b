// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * Draws horizontal bars as inline SVG: one line per label, with its parts stacked from left to
 * right.
 */
public final class BarChart {

  private static final int LABEL = 130;
  private static final int PLOT = 430;
  private static final int VALUE = 110;
  private static final int LINE = 30;

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
    int height = bars.size() * LINE + 6;
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            LABEL + PLOT + VALUE,
            height,
            HtmlPage.escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = i * LINE + 4;
      out.append(
          String.format(
              Locale.ROOT,
              "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
              LABEL - 10,
              y + 16,
              HtmlPage.escape(bar.label())));
      double x = LABEL;
      for (Part part : bar.parts()) {
        double width = max > 0 && part.value() > 0 ? part.value() / max * PLOT : 0;
        out.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"tone%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"20\" rx=\"2\">"
                    + "<title>%s: %s %s</title></rect>",
                part.tone(),
                x,
                y,
                Math.max(width, part.value() > 0 ? 1 : 0),
                HtmlPage.escape(part.name()),
                NumberFormats.measure(part.value()),
                HtmlPage.escape(unit)));
        x += width;
      }
      out.append(
          String.format(
              Locale.ROOT,
              "<text class=\"value\" x=\"%.1f\" y=\"%d\">%s</text>",
              x + 8,
              y + 16,
              NumberFormats.measure(bar.total())));
    }
    return out.append("</svg>").toString();
  }
}
