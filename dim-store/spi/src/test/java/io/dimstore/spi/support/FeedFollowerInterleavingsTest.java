// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class FeedFollowerInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new FeedFollowerScenario(),
            new PlantedRace(
                "MovingWithoutLock",
                FeedFollower.class,
                "synchronized \\(positions\\) \\{\\s+inHand--",
                "synchronized (new Object()) { inHand--"),
            new PlantedRace(
                "HandlingAfterClose", FeedFollower.class, "return !ending;", "return true;"),
            new PlantedRace(
                "EndingWithPageInHand",
                FeedFollower.class,
                "!ending \\|\\| inHand > 0",
                "!ending")));
  }
}
