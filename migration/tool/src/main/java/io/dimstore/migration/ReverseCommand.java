// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code migrate reverse}. */
@Command(
    name = "reverse",
    description =
        "Confirms after the cut-over that the old store still has every row, so that a rollback loses"
            + " none. This needs a verification since the cut-over, and no pending writes. finish is"
            + " refused without it. Ends with exit code 3 if the old store is not equal.",
    footerHeading = "%nExamples:%n",
    footer = {"  bin/dimstore migrate reverse --from hbase-redis --to dynamodb --dimension user"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReverseCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.run(
        Transition.REVERSE,
        "",
        (migration, state) -> migration.steps().reverseOutlook(state),
        migration -> migration.steps().reverse());
  }
}
