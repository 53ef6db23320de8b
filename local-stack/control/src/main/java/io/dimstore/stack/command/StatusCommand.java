// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.ExitCodes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says whether a detached stack runs, and where its servers are. */
@Command(
    name = "status",
    description = {
      "Prints the addresses of the servers that 'stack up --detach' left running.",
      "Ends with exit code 3 when there are none or one of them has ended."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore stack status",
      "  eval \"$(bin/dimstore stack status --format env)\""
    })
final class StatusCommand implements Callable<Integer> {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How the result is printed. One of table, env and json.")
  private OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() {
    Optional<List<OutputFormat.Row>> rows = DetachedStack.status();
    if (rows.isEmpty()) {
      System.err.println("stack: " + DetachedStack.whyNotUp());
      return ExitCodes.NEGATIVE;
    }
    System.out.print(format.of(rows.get()));
    System.out.flush();
    return rows.get().stream().allMatch(OutputFormat.Row::alive)
        ? ExitCodes.OK
        : ExitCodes.NEGATIVE;
  }
}
