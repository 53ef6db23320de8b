// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code migrate start}. */
@Command(
    name = "start",
    description =
        "Sends every write of the jobs that use the store mirror to both stores. The old store decides; writes that the new one does not take are copied later.",
    footerHeading = "%nExamples:%n",
    footer = {"  bin/dimstore migrate start --from hbase-redis --to dynamodb --dimension user"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StartCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.run(
        Transition.START,
        "",
        (migration, state) -> migration.steps().outlook(state),
        migration ->
            (state, ownership) -> {
              migration.keepPlan(state);
              return migration.steps().start().run(state, ownership);
            });
  }
}
