package io.dimstore.writer;

import io.dimstore.spi.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dimstore write}: brings dimension changes into a store, and a store's copies in step. */
@Command(
    name = "write",
    description = "Carries dimension changes from Kafka into the tables of a store.",
    subcommands = {RunCommand.class, RepairCommand.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(run | repair)",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the job, Kafka or the store failed", "2:wrong usage"})
public final class WriterMain implements Runnable {

  static final int FAILED = 1;
  static final int USAGE = 2;

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
    CommandLine commandLine = new CommandLine(new WriterMain());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          if (exception instanceof WriterException || exception instanceof StoreException) {
            failed.getErr().println("error: " + WriterException.line(exception));
            return isUsage(exception) ? USAGE : FAILED;
          }
          if (exception instanceof InterruptedException) {
            failed.getErr().println("error: interrupted");
          } else {
            failed.getErr().println("error: unexpected failure, please report it:");
            exception.printStackTrace(failed.getErr());
          }
          return FAILED;
        });
    return commandLine;
  }

  /** An unknown store or option is the caller's mistake, whoever finds it. */
  private static boolean isUsage(Throwable failure) {
    Throwable inner = failure instanceof WriterException ? failure.getCause() : failure;
    return inner instanceof StoreException e && e.kind() == StoreException.Kind.INVALID;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: run or repair");
  }
}
