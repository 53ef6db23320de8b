// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static java.util.stream.Collectors.joining;

import io.dimstore.stack.process.ServerPart;
import io.dimstore.stack.server.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the addresses of the servers are printed. */
enum OutputFormat {
  /** A table for people, with a line for each process of a server that consists of several. */
  TABLE {
    @Override
    String of(List<Row> rows) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("SERVER", "ADDRESS", "PROCESS", "LOG"));
      for (Row row : rows) {
        Endpoint endpoint = row.endpoint();
        String process = row.alive() ? Long.toString(row.pid()) : "ended";
        lines.add(List.of(endpoint.server().id(), endpoint.address(), process, row.log()));
        for (ServerPart part : row.parts()) {
          lines.add(
              List.of(
                  "  " + part.name() + (part.leads() ? " (leads)" : ""),
                  part.address(),
                  part.isAlive() ? Long.toString(part.pid()) : "ended",
                  part.log().toString()));
        }
      }
      int server = width(lines, 0, 9);
      int address = width(lines, 1, 7);
      String line = "%-" + server + "s %-" + address + "s  %-8s %s%n";
      return lines.stream().map(words -> line.formatted(words.toArray())).collect(joining());
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
                  "  %s: {\"address\": %s, \"port\": %d, \"pid\": %d, \"alive\": %b, \"log\": %s, \"environment\": {%s}%s}"
                      .formatted(
                          quote(row.endpoint().server().id()),
                          quote(row.endpoint().address()),
                          row.endpoint().port(),
                          row.pid(),
                          row.alive(),
                          quote(row.log()),
                          row.endpoint().environment().entrySet().stream()
                              .map(e -> quote(e.getKey()) + ": " + quote(e.getValue()))
                              .collect(joining(", ")),
                          row.parts().isEmpty() ? "" : ", \"processes\": " + json(row.parts())))
          .collect(joining(",\n", "{\n", "\n}\n"));
    }
  };

  /**
   * The printed facts of one server.
   *
   * @param endpoint its address
   * @param pid id of its process
   * @param alive whether that process runs
   * @param log path of its log
   * @param parts its other processes
   */
  record Row(Endpoint endpoint, long pid, boolean alive, String log, List<ServerPart> parts) {

    Row {
      parts = List.copyOf(parts);
    }

    /** Returns the row of a server, with the processes that it has now. */
    static Row of(Endpoint endpoint, long pid, boolean alive, String log) {
      Path folder = Path.of(log).getParent();
      return new Row(endpoint, pid, alive, log, folder == null ? List.of() : ServerPart.of(folder));
    }
  }

  /** Returns the text in complete lines. Standard output contains nothing else. */
  abstract String of(List<Row> rows);

  private static int width(List<List<String>> lines, int column, int least) {
    return lines.stream().mapToInt(line -> line.get(column).length()).reduce(least, Math::max);
  }

  private static String json(List<ServerPart> parts) {
    return parts.stream()
        .map(
            part ->
                "%s: {\"address\": %s, \"pid\": %d, \"alive\": %b, \"leads\": %b, \"log\": %s}"
                    .formatted(
                        quote(part.name()),
                        quote(part.address()),
                        part.pid(),
                        part.isAlive(),
                        part.leads(),
                        quote(part.log().toString())))
        .collect(joining(", ", "{", "}"));
  }

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
