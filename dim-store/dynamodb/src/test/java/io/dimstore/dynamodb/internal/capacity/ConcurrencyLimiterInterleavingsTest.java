// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class ConcurrencyLimiterInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new ConcurrencyLimiterScenario(),
            new PlantedRace(
                "WithoutLookingAgain",
                ConcurrencyLimiter.class,
                "if \\(waiting\\.isEmpty\\(\\) \\|\\| !acquire\\(\\)\\)",
                "if (true)"),
            new PlantedRace(
                "TakingRoomWithoutComparing",
                ConcurrencyLimiter.class,
                "free\\.compareAndSet\\(left, left - 1\\)",
                "free.getAndSet(left - 1) > -9")));
  }
}
