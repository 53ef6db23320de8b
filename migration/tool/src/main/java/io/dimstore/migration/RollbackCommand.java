// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate rollback}. */
@Command(
    name = "rollback",
    description =
        "Makes the old store the one that decides and answers again. If it is already, ends the"
            + " writes to the new store.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate rollback --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate rollback --from hbase-redis --to dynamodb --dimension user --drill"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RollbackCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--drill",
      description = "Return to the present state afterwards, and record how long the way took.")
  private boolean drill;

  @Override
  public Integer call() throws InterruptedException {
    return options.run(
        Transition.ROLLBACK,
        drill ? "drill" : "",
        migration -> drill ? migration.steps().drill() : migration.steps().rollBack());
  }
}
