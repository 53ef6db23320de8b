package io.dimstore.writer;

import io.dimstore.spi.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code dimstore write}: brings dimension changes into a store, and a store's copies in step. */
@Command(
    name = "bin/dimstore write",
    description = "Carries dimension changes from Kafka into the tables of a store.",
    subcommands = {RunCommand.class, RepairCommand.class, CheckCommand.class},
    synopsisSubcommandLabel = "run|repair|check",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the job, Kafka or the store failed; or the check left differences",
      "2:wrong usage"
    })
public final class WriterMain implements Runnable {

  static final int FAILED = 1;
  static final int USAGE = 2;

  @SuppressWarnings("UnusedVariable") // picocli prints the help itself when it is set.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help and ends.")
  private boolean help;

  @Spec private CommandSpec spec;

  /** For {@link #commandLine} and tests; picocli sets the fields. */
  @SuppressWarnings("NullAway.Init")
  WriterMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with its exit codes and one-line errors, to run it in a process of one's own. */
  public static CommandLine commandLine() {
    return new CommandLine(new WriterMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(110)
        .setParameterExceptionHandler(WriterMain::refuse)
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
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
    return USAGE;
  }

  private static int report(Exception failure, CommandLine command) {
    if (failure instanceof WriterException || failure instanceof StoreException) {
      command.getErr().println("error: " + WriterException.line(failure));
      return isUsage(failure) ? USAGE : FAILED;
    }
    if (failure instanceof InterruptedException) {
      command.getErr().println("error: interrupted");
    } else {
      command.getErr().println("error: unexpected failure, please report it:");
      failure.printStackTrace(command.getErr());
    }
    return FAILED;
  }

  /** An unknown store or option is the caller's mistake, whoever finds it. */
  private static boolean isUsage(Throwable failure) {
    Throwable inner = failure instanceof WriterException ? failure.getCause() : failure;
    return inner instanceof StoreException e && e.kind() == StoreException.Kind.INVALID;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: run, repair or check");
  }
}
