// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate cutover}. */
@Command(
    name = "cutover",
    description =
        "Makes the new store the one that decides and answers, if every gate holds. The old store"
            + " receives every write from then on, so that rollback loses none. Ends with exit code 3"
            + " if it refuses.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate cutover --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate cutover --from hbase-redis --to dynamodb --dimension user \\",
      "      --force 'replay was checked by hand, ticket 4711'"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CutoverCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--force",
      paramLabel = "REASON",
      description = "Pass gates that do not hold. The reason is kept in the log for ever.")
  private @Nullable String force;

  @Override
  public Integer call() throws InterruptedException {
    if (force != null && force.isBlank()) {
      throw Usage.error("--force needs a reason, which is kept in the log");
    }
    return options.run(
        Transition.CUTOVER,
        force == null ? "" : "force=" + force,
        (migration, state) -> migration.steps().cutoverOutlook(state, force),
        migration -> migration.steps().cutover(force));
  }
}
