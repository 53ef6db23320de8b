package io.dimstore.stack;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Ends the detached stack. */
@Command(
    name = "down",
    description =
        "Stops the servers that 'stack up --detach' left running. Nothing to stop is no failure.",
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore stack down")
final class DownCommand implements Callable<Integer> {

  @Override
  public Integer call() throws InterruptedException {
    System.err.println(
        DetachedStack.stop() ? "stack: stopped" : "stack: there is no detached stack");
    return 0;
  }
}
