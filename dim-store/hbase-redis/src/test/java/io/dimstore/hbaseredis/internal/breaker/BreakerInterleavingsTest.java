// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.List;
import java.util.stream.Stream;

class BreakerInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
                new BreakerScenario(),
                new PlantedRace(
                    "ProbingWithoutLock",
                    Breaker.class,
                    "synchronized boolean mayProbe",
                    "boolean mayProbe",
                    List.of(EntryTrust.class, RequestPurpose.class)))
            .withRare(
                new PlantedRace(
                    "FailingWithoutLock",
                    Breaker.class,
                    "synchronized void failed",
                    "void failed",
                    List.of(EntryTrust.class, RequestPurpose.class))));
  }
}
