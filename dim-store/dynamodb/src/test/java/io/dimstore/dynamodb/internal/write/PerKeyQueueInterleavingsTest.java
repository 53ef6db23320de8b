// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class PerKeyQueueInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new PerKeyQueueScenario(),
            new PlantedRace(
                "WithUnguardedMap",
                PerKeyQueue.class,
                "new ConcurrentHashMap<>\\(\\)",
                "new java.util.HashMap<>()")));
  }
}
