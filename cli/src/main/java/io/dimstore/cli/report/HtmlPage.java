// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.report;

import io.dimstore.cli.report.BarChart.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Builds a self-contained HTML page: one file with its style, without scripts, links and images.
 * Not thread-safe.
 */
public final class HtmlPage {

  private final StringBuilder body = new StringBuilder();
  private final String title;

  public HtmlPage(String title) {
    this.title = title;
  }

  /** Appends markup as it is. The caller is responsible for its tags and for escaping. */
  public HtmlPage markup(String html) {
    body.append(html);
    return this;
  }

  /** Appends text, escaped. */
  public HtmlPage text(String text) {
    return markup(escape(text));
  }

  /** Appends an element without attributes that contains only text. */
  public HtmlPage element(String tag, String text) {
    return markup("<" + tag + ">").text(text).markup("</" + tag + ">");
  }

  /** Appends a table with one row per fact: its name and its value. */
  public HtmlPage facts(Map<String, String> facts) {
    markup("<table class=\"facts\">");
    facts.forEach(
        (name, value) -> markup("<tr>").element("th", name).element("td", value).markup("</tr>"));
    return markup("</table>");
  }

  /** Appends a table of text, which scrolls by itself where the screen is narrower. */
  public HtmlPage table(List<String> head, List<List<String>> rows) {
    markup("<div class=\"wide\"><table><tr>");
    head.forEach(cell -> element("th", cell));
    markup("</tr>");
    for (List<String> row : rows) {
      markup("<tr>");
      row.forEach(cell -> element("td", cell));
      markup("</tr>");
    }
    return markup("</table></div>");
  }

  /**
   * Appends a chart with its caption.
   *
   * @param legend the names and colours of the parts; without a legend if empty
   */
  public HtmlPage figure(String title, String note, String svg, List<Part> legend) {
    markup("<figure><figcaption><b>").text(title).markup("</b><br>");
    markup("<span class=\"note\">").text(note).markup("</span>");
    if (!legend.isEmpty()) {
      markup("<br>");
      for (Part part : legend) {
        markup("<span class=\"key\"><i class=\"tone" + part.tone() + "\"></i>")
            .text(part.name())
            .markup("</span>");
      }
    }
    return markup("</figcaption>").markup(svg).markup("</figure>");
  }

  /** Writes the page to a file. An existing file is replaced. */
  public void write(Path file) throws IOException {
    Files.writeString(
        file,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + "<title>"
            + escape(title)
            + "</title><style>"
            + style()
            + "</style></head><body><main>"
            + body
            + "</main></body></html>\n");
  }

  /** Returns the text as markup. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String style() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(HtmlPage.class.getResourceAsStream("page.css"), "page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
