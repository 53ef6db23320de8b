// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code migrate finish}. */
@Command(
    name = "finish",
    description =
        "Ends the writes to the old store. There is no way back but a migration in the other direction.",
    footerHeading = "%nExamples:%n",
    footer = {"  bin/dimstore migrate finish --from hbase-redis --to dynamodb --dimension user"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FinishCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.run(
        Transition.FINISH,
        "",
        (migration, state) -> migration.steps().finishOutlook(state),
        migration -> migration.steps().finish());
  }
}
