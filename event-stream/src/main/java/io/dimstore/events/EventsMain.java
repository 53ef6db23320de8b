package io.dimstore.events;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code dimstore events}: writes events and dimension changes, generated or from a file. */
@Command(
    name = "events",
    description = "Writes events and dimension changes to Kafka or to files.",
    subcommands = {GenerateCommand.class, ReplayCommand.class},
    synopsisSubcommandLabel = "(generate | replay)",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the input broke off or the output failed", "2:wrong usage"})
public final class EventsMain implements Runnable {

  @Spec private CommandSpec spec;

  /** For {@link #commandLine} and tests; picocli sets the fields. */
  @SuppressWarnings("NullAway.Init")
  EventsMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with its exit codes and one-line errors, to run it in a process of one's own. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new EventsMain());
    addHelpOption(commandLine);
    commandLine.getSubcommands().values().forEach(EventsMain::addHelpOption);
    commandLine.setUsageHelpWidth(100);
    commandLine.setParameterExceptionHandler(
        (exception, arguments) -> {
          CommandLine failed = exception.getCommandLine();
          failed.getErr().println("error: " + exception.getMessage());
          String name = failed.getCommandSpec().qualifiedName();
          failed.getErr().println("see: dimstore " + name + " --help");
          return failed.getCommandSpec().exitCodeOnInvalidInput();
        });
    commandLine.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          if (exception instanceof EventStreamException) {
            failed.getErr().println("error: " + exception.getMessage());
          } else {
            failed.getErr().println("error: unexpected failure, please report it:");
            exception.printStackTrace(failed.getErr());
          }
          return failed.getCommandSpec().exitCodeOnExecutionException();
        });
    return commandLine;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: generate or replay");
  }

  private static void addHelpOption(CommandLine commandLine) {
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
  }
}
