// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.stack.server.Endpoint;
import java.util.List;
import java.util.stream.Collectors;

/** How the addresses of the servers are printed. */
enum OutputFormat {
  /** A table for people. */
  TABLE {
    @Override
    String of(List<Row> rows) {
      int width = rows.stream().mapToInt(row -> row.endpoint().address().length()).max().orElse(0);
      String line = "%-9s %-" + Math.max(width, 7) + "s  %-8s %s%n";
      StringBuilder text = new StringBuilder(line.formatted("SERVER", "ADDRESS", "PROCESS", "LOG"));
      for (Row row : rows) {
        String process = row.alive() ? Long.toString(row.pid()) : "ended";
        text.append(
            line.formatted(
                row.endpoint().server().id(), row.endpoint().address(), process, row.log()));
      }
      return text.toString();
    }
  },

  /** Variable assignments that a shell can evaluate. */
  ENV {
    @Override
    String of(List<Row> rows) {
      StringBuilder text = new StringBuilder();
      for (Row row : rows) {
        row.endpoint()
            .environment()
            .forEach((name, value) -> text.append("export %s='%s'%n".formatted(name, value)));
      }
      return text.toString();
    }
  },

  /** A JSON object with a member for each server. */
  JSON {
    @Override
    String of(List<Row> rows) {
      return rows.stream()
          .map(
              row ->
                  "  %s: {\"address\": %s, \"port\": %d, \"pid\": %d, \"alive\": %b, \"log\": %s, \"environment\": {%s}}"
                      .formatted(
                          quote(row.endpoint().server().id()),
                          quote(row.endpoint().address()),
                          row.endpoint().port(),
                          row.pid(),
                          row.alive(),
                          quote(row.log()),
                          row.endpoint().environment().entrySet().stream()
                              .map(e -> quote(e.getKey()) + ": " + quote(e.getValue()))
                              .collect(Collectors.joining(", "))))
          .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }
  };

  /**
   * The printed facts of one server.
   *
   * @param endpoint its address
   * @param pid id of its process
   * @param alive whether that process runs
   * @param log path of its log
   */
  record Row(Endpoint endpoint, long pid, boolean alive, String log) {}

  /** Returns the text in complete lines. Standard output contains nothing else. */
  abstract String of(List<Row> rows);

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
