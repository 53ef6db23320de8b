// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class CapacityLimiterInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new CapacityLimiterScenario(),
            new PlantedRace(
                "ReservingWithoutLock",
                CapacityLimiter.class,
                "go = new CompletableFuture<>\\(\\);\\s+synchronized \\(this\\)",
                "go = new CompletableFuture<>(); synchronized (new Object())")));
  }
}
