package io.dimstore.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the commands of this module. */
@Command(
    name = "dimstore",
    mixinStandardHelpOptions = true,
    subcommands = {CompareCommand.class, BenchCommand.class},
    description = "Compares the paths and measures their parts.")
public final class BenchMain {

  private BenchMain() {}

  /** Exits 0 when all is well, 1 when it is not, 2 on wrong usage. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchMain()).execute(args));
  }
}
