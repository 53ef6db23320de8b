// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.phase.Transition;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate shadow}. */
@Command(
    name = "shadow",
    description =
        "Compares the lookups of a share of the keys with the other store, beside the lookups of the"
            + " jobs. A new command begins a new count.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate shadow --from hbase-redis --to dynamodb --dimension user --share 0.05",
      "  bin/dimstore migrate shadow --from hbase-redis --to dynamodb --dimension user \\",
      "      --share 0.01 --noise"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ShadowCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      required = true,
      description = "Share of the keys, from 0 to 1. With 0 no lookups are compared.")
  private double share;

  @Option(
      names = "--noise",
      description =
          "Compare the deciding store with itself, to learn how many differences the comparison itself"
              + " makes. 'status' shows the count, and so does the gate of the shadow reads after the"
              + " next 'shadow' without this option.")
  private boolean noise;

  @Override
  public Integer call() throws InterruptedException {
    int basisPoints = BasisPoints.of("--share", share);
    return options.run(
        Transition.SHADOW,
        "share=" + basisPoints + (noise ? ", noise" : ""),
        (migration, state) -> migration.steps().outlook(state),
        migration ->
            migration.steps().shadow(basisPoints, noise ? ShadowWith.PRIMARY : ShadowWith.OTHER));
  }
}
