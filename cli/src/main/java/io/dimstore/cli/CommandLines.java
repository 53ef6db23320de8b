// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Creates the command lines of all programs in the same way.
 *
 * <p>Every command gets {@code --help} and {@code --version}, the list of {@link ExitCodes}, and
 * default values in its help. Durations are read by {@link DurationConverter}, constants of enums
 * as {@code group-offsets}. Wrong usage and failures are each one line on standard error that
 * begins with {@code error: }.
 */
public final class CommandLines {

  private static final int WIDTH = 110;

  private CommandLines() {}

  /**
   * Returns a command line for an annotated command and its subcommands.
   *
   * @param failures converts failures of the command to messages for its user
   */
  public static CommandLine of(Object command, FailureReporter failures) {
    CommandLine commandLine = new CommandLine(command);
    Set<Class<?>> enums = new LinkedHashSet<>();
    complete(commandLine.getCommandSpec(), enums);
    for (Class<?> type : enums) {
      register(commandLine, type);
    }
    return commandLine
        .registerConverter(Duration.class, new DurationConverter())
        .setUsageHelpWidth(WIDTH)
        .setParameterExceptionHandler(
            (failure, ignored) -> refuse(UsageText.of(failure), failure.getCommandLine()))
        .setExecutionExceptionHandler(
            (failure, failed, ignored) -> report(failure, failed, failures));
  }

  private static void complete(CommandSpec spec, Set<Class<?>> enums) {
    spec.mixinStandardHelpOptions(true).versionProvider(new VersionProvider());
    spec.usageMessage()
        .sortOptions(false)
        .showDefaultValues(true)
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCodes.table());
    for (ArgSpec argument : spec.args()) {
      for (Class<?> type : argument.auxiliaryTypes()) {
        if (type.isEnum()) {
          enums.add(type);
        }
      }
    }
    spec.subcommands().values().forEach(child -> complete(child.getCommandSpec(), enums));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the set holds classes of enums alone
  private static void register(CommandLine commandLine, Class<?> type) {
    commandLine.registerConverter((Class) type, constants((Class<? extends Enum>) type));
  }

  private static <E extends Enum<E>> NamedValues<E> constants(Class<E> type) {
    return new NamedValues<>(
        List.of(type.getEnumConstants()),
        constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static int refuse(String message, CommandLine command) {
    String text = message.strip();
    error(
        command,
        (text.endsWith(".") || text.endsWith("?") ? text : text + ".")
            + " '"
            + command.getCommandSpec().qualifiedName()
            + " --help' lists the options.");
    return ExitCodes.USAGE;
  }

  private static int report(Exception failure, CommandLine command, FailureReporter failures) {
    if (failure instanceof UsageException) {
      return refuse(String.valueOf(failure.getMessage()), command);
    }
    FailureReport known = failures.report(failure);
    if (known != null) {
      if (known.exitCode() == ExitCodes.USAGE) {
        return refuse(known.message(), command);
      }
      error(command, known.message());
      return known.exitCode();
    }
    if (failure instanceof InterruptedException) {
      error(command, "interrupted");
    } else {
      error(command, "unexpected failure, please report it:");
      failure.printStackTrace(command.getErr());
      command.getErr().flush();
    }
    return ExitCodes.FAILED;
  }

  private static void error(CommandLine command, String message) {
    PrintWriter err = command.getErr();
    // Lines indented by four spaces, such as the end of a server's log, stay lines.
    err.println("error: " + message.strip().replaceAll("\\s*\\R(?! {4})\\s*", " "));
    err.flush();
  }
}
