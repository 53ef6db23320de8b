// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import io.dimstore.bench.BenchMain;
import io.dimstore.events.EventsMain;
import io.dimstore.events.topic.TopicMain;
import io.dimstore.features.FeatureMain;
import io.dimstore.forecast.ForecastMain;
import io.dimstore.migration.MigrateMain;
import io.dimstore.stack.command.StackMain;
import io.dimstore.stack.job.JobMain;
import io.dimstore.writer.WriterMain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands of all programs, as picocli knows them. */
final class AllCommands {

  private AllCommands() {}

  /** Returns new command lines of the programs. */
  static List<CommandLine> programs() {
    return List.of(
        BenchMain.commandLine(),
        StackMain.commandLine(),
        JobMain.commandLine(),
        EventsMain.commandLine(),
        TopicMain.commandLine(),
        WriterMain.commandLine(),
        FeatureMain.commandLine(),
        MigrateMain.commandLine(),
        ForecastMain.commandLine());
  }

  /** Returns every command and subcommand by its full name. */
  static List<CommandSpec> all() {
    List<CommandSpec> all = new ArrayList<>();
    programs().forEach(program -> collect(program.getCommandSpec(), all));
    all.sort(Comparator.comparing(CommandSpec::qualifiedName));
    return all;
  }

  /** Returns the commands that have no subcommands. */
  static Stream<CommandSpec> leaves() {
    return all().stream().filter(command -> command.subcommands().isEmpty());
  }

  private static void collect(CommandSpec command, List<CommandSpec> into) {
    into.add(command);
    command
        .subcommands()
        .values()
        .forEach(subcommand -> collect(subcommand.getCommandSpec(), into));
  }

  /** Returns the options of a command, without help, version and hidden ones. */
  static List<OptionSpec> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
        .toList();
  }

  /** Whether the option is a switch, which takes no value. */
  static boolean isSwitch(ArgSpec option) {
    return option.arity().max() == 0;
  }

  static String description(ArgSpec argument) {
    return String.join(" ", argument.description()).replace("%%", "%");
  }
}
