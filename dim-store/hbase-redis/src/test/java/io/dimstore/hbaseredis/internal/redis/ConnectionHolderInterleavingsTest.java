// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class ConnectionHolderInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new ConnectionHolderScenario(),
            new PlantedRace(
                "WithoutLookingAgain",
                ConnectionHolder.class,
                "held\\.set\\(made\\);\\s+if \\(closed\\)",
                "held.set(made); if (false)"),
            new PlantedRace(
                "TakingOutInTwoSteps",
                ConnectionHolder.class,
                "C open = held\\.getAndSet\\(null\\);",
                "C open = held.get(); held.set(null);")));
  }
}
