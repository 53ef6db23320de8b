// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import io.dimstore.cli.ExitCodes;
import io.dimstore.stack.server.Server;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes docs/commands.md from the models of the commands. */
final class CommandsReference {

  /** Describes the values of each kind of option. */
  static final Map<String, String> VALUES = values();

  private static final int WIDTH = 120;

  private CommandsReference() {}

  private static Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("N", "a number; whole unless the option is a rate or a count of machines");
    values.put("S", "a number from 0 to 10: the exponent of a Zipf distribution");
    values.put("X", "a factor above 0");
    values.put("SHARE", "a number from 0 to 1");
    values.put("REASON", "text that says why");
    values.put("VERSION", "such as `2.2`");
    values.put("DURATION", "`500ms`, `10s`, `5m`, `2h` or `1d`");
    values.put("TIME", "such as `2024-01-01T00:00:00Z`");
    values.put("FILE", "the path of a file");
    values.put("DIR", "the path of a folder");
    values.put("HOST:PORT", "one or more addresses, separated by commas");
    values.put("URL", "the address of a server, such as `http://127.0.0.1:8000`");
    values.put("NAME", "a name");
    values.put("VALUE", "text");
    values.put("STORE", "the id of a store, such as `dynamodb`");
    values.put("TABLE", "the name of a table");
    values.put("TOPIC", "the name of a Kafka topic");
    values.put("JOB", "the id of a job of Flink, or its name if no other active job has it");
    values.put("DIMENSION", "`user`, `item`, or a table of --sql without `dim_` in front");
    values.put("ARM", "an arm of the comparison");
    values.put("BACKEND", "a state backend of Flink: `heap` or `rocksdb`");
    values.put("OPERATION", "what the benchmark measures");
    values.put("SUBJECT", "what the benchmark of the stores measures, such as `dynamodb`");
    values.put(
        "SERVER",
        Server.all().stream()
            .map(server -> "`" + server.id() + "`")
            .collect(Collectors.joining(", ", "one of ", "")));
    values.put("FORMAT", "the form of what is printed; the option lists them");
    values.put("PORT", "a number from 1 to 65535");
    return values;
  }

  /** Returns the words of a label that are placeholders. Words in lower case are constants. */
  static List<String> kinds(ArgSpec argument) {
    String label = argument.paramLabel();
    String parts = label.equals("HOST:PORT") ? label : label.replaceAll("[=:|]|,\\.\\.\\.", " ");
    return Arrays.stream(parts.split(" "))
        .filter(part -> !part.isEmpty() && !part.equals(part.toLowerCase(java.util.Locale.ROOT)))
        .toList();
  }

  static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Commands\n\n")
        .append(
            "<!-- Written by CommandsReferenceTest from the commands: change those, then run it")
        .append(" with -Dupdate=true. -->\n\n");
    paragraph(
        page,
        "`bin/dimstore COMMAND --help` shows the same. An option has one name and one meaning in all"
            + " commands. Wrong usage and failures are one line on standard error that begins with"
            + " `error: `; progress goes to standard error, results go to standard output. Every"
            + " command has `--help` (`-h`) and `--version` (`-V`).");
    paragraph(
        page,
        "Other users of a machine see the options of its processes, so passwords and keys belong in"
            + " the file of `--store-config` or `--kafka-config`.");
    page.append("| exit code | meaning |\n| --- | --- |\n");
    ExitCodes.table().forEach((code, text) -> row(page, code, text));
    page.append("\n| value | what to write |\n| --- | --- |\n");
    VALUES.forEach((name, text) -> row(page, name, text));
    AllCommands.leaves().forEach(command -> command(page, command));
    return page.toString();
  }

  private static void command(StringBuilder page, CommandSpec command) {
    page.append("\n## ")
        .append(command.qualifiedName().replace("bin/dimstore ", ""))
        .append("\n\n");
    paragraph(page, text(String.join(" ", command.usageMessage().description())));
    page.append("```\n");
    for (String line : command.usageMessage().footer()) {
      page.append(text(line).replaceFirst("^  ", "")).append('\n');
    }
    page.append("```\n\n| option | value | default | meaning |\n| --- | --- | --- | --- |\n");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      row(page, "", code(parameter.paramLabel()), "required", AllCommands.description(parameter));
    }
    for (OptionSpec option : AllCommands.options(command)) {
      row(
          page,
          code(option.longestName()),
          AllCommands.isSwitch(option) ? "" : code(option.paramLabel()),
          defaultOf(option),
          AllCommands.description(option));
    }
  }

  private static String defaultOf(OptionSpec option) {
    if (option.required()) {
      return "required";
    }
    String value = option.defaultValueString();
    boolean none =
        value == null || value.isEmpty() || AllCommands.isSwitch(option) || value.equals("null");
    return none || value.startsWith("[") || value.startsWith("{") ? "" : code(value);
  }

  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }

  private static String text(String template) {
    return template.replace("%%", "%");
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static void paragraph(StringBuilder page, String text) {
    int column = 0;
    for (String word : text.strip().split("\\s+")) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        page.append('\n');
        column = 0;
      } else if (column > 0) {
        page.append(' ');
        column++;
      }
      page.append(word);
      column += word.length();
    }
    page.append("\n\n");
  }
}
