// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate ramp}. */
@Command(
    name = "ramp",
    description =
        "Lets the new store answer the lookups of a share of the keys. When the share grows, keys"
            + " that are in it stay in it. No job restarts.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate ramp --from hbase-redis --to dynamodb --dimension user --share 0.1",
      "  bin/dimstore migrate ramp --from hbase-redis --to dynamodb --dimension user --share 0"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RampCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      required = true,
      description = "Share of the keys, from 0 to 1. With 0 the old store answers all lookups.")
  private double share;

  @Override
  public Integer call() throws InterruptedException {
    int basisPoints = BasisPoints.of("--share", share);
    return options.run(
        Transition.RAMP,
        "share=" + basisPoints,
        (migration, state) -> migration.steps().rampOutlook(state, basisPoints),
        migration -> migration.steps().ramp(basisPoints));
  }
}
