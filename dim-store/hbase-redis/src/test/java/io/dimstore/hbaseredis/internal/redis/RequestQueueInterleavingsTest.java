// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.List;
import java.util.stream.Stream;

class RequestQueueInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new RequestQueueScenario(),
            new PlantedRace(
                "WithoutLookingAgain", RequestQueue.class, "if \\(over != null\\)", "if (false)")),
        Checked.by(
            new RequestPipelineScenario(),
            new PlantedRace(
                "KeepingTheRoomOfTheLate",
                RequestQueue.class,
                "if \\(done\\)",
                "if (false)",
                List.of(RequestQueueScenario.class))));
  }
}
