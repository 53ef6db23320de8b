// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Ends the detached stack. */
@Command(
    name = "down",
    description =
        "Stops the servers that 'stack up --detach' left running. If there are none, it succeeds.",
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore stack down")
final class DownCommand implements Callable<Integer> {

  @Override
  public Integer call() throws InterruptedException {
    System.err.println(
        DetachedStack.stop() ? "stack: stopped" : "stack: there is no detached stack");
    return ExitCodes.OK;
  }
}
