// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class QueueLimitInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new QueueLimitScenario(),
            new PlantedRace(
                "ReservingWithoutLock",
                QueueLimit.class,
                "synchronized boolean reserve",
                "boolean reserve")));
  }
}
