package io.dimstore.stack;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code stack} command. */
@Command(
    name = "bin/dimstore stack",
    description =
        "Starts and stops real HBase, Kafka, DynamoDB Local and Redis servers on this machine.",
    subcommands = {UpCommand.class, DownCommand.class, StatusCommand.class},
    synopsisSubcommandLabel = "up|down|status",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore stack up                                  all servers, until Ctrl-C",
      "  bin/dimstore stack up --only kafka,redis --port kafka=9092",
      "  eval \"$(bin/dimstore stack up --detach --format env)\"  in the background, addresses as variables",
      "  bin/dimstore stack down",
      "",
      "Logs of servers that failed are kept in $XDG_STATE_HOME/dimstore/logs, else ~/.local/state/dimstore/logs."
    })
public final class StackMain implements Runnable {

  @SuppressWarnings("UnusedVariable") // picocli prints the help itself when it is set.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help and ends.")
  private boolean help;

  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  StackMain() {}

  /** Runs the command and exits: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new StackMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(110)
        .setParameterExceptionHandler(StackMain::refuse)
        .setExecutionExceptionHandler(StackMain::report);
  }

  private static int refuse(ParameterException failure, String[] ignored) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("stack: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("'" + command.getCommandSpec().qualifiedName() + " --help' explains.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int report(
      Exception failure, CommandLine command, CommandLine.ParseResult ignored) {
    PrintWriter err = command.getErr();
    err.println("stack: " + (failure instanceof StackException ? failure.getMessage() : failure));
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: up, down or status.");
  }
}
