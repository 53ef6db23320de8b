package io.dimstore.bench;

import io.dimstore.bench.forecast.ForecastCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the commands of this module. */
@Command(
    name = "bin/dimstore",
    mixinStandardHelpOptions = true,
    subcommands = {CompareCommand.class, BenchCommand.class, ForecastCommand.class},
    description = "Compares the paths and measures their parts.")
public final class BenchMain {

  private BenchMain() {}

  /** Exits 0 when all is well, 1 when it is not, 2 on wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new BenchMain()).setParameterExceptionHandler(BenchMain::refuse);
  }

  private static int refuse(ParameterException failure, String[] ignored) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("error: " + failure.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
      command
          .getErr()
          .println(
              "'" + command.getCommandSpec().qualifiedName() + " --help' explains the options.");
    }
    return CommandLine.ExitCode.USAGE;
  }
}
