package io.dimstore.features;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dimstore feature}: the feature job, in this process or on a Flink cluster. */
@Command(
    name = "feature",
    description = "Computes risk-control and marketing features from the event topic.",
    subcommands = RunCommand.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "run",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the job ended, or was started detached", "1:it failed", "2:wrong usage"})
public final class FeatureMain implements Runnable {

  @Spec private CommandSpec spec;

  /** For {@link #commandLine} and tests; picocli sets the fields. */
  @SuppressWarnings("NullAway.Init")
  FeatureMain() {}

  /** Runs the command; ends the process with its exit code where that is not 0. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != 0) { // Flink's own client refuses an exit, even one that reports success
      System.exit(exitCode);
    }
  }

  /** The command with its exit codes and one-line errors, to run it in a process of one's own. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new FeatureMain());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          failed.getErr().println("error: " + Failures.inOneLine(exception));
          return failed.getCommandSpec().exitCodeOnExecutionException();
        });
    return commandLine;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: run");
  }
}
