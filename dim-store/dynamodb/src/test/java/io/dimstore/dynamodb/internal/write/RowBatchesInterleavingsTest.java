// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class RowBatchesInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
                new RowBatchesScenario(),
                new PlantedRace(
                    "OfOneThread",
                    RowBatches.class,
                    "Queue<RowAttempt> queue = new ConcurrentLinkedQueue<>\\(\\)",
                    "Queue<RowAttempt> queue = new java.util.LinkedList<>()"))
            .withRare(
                new PlantedRace(
                    "ForgettingWhoFlushedMeanwhile",
                    RowBatches.class,
                    "seen = flushes\\.addAndGet\\(-seen\\)",
                    "seen = 0; flushes.set(0)")));
  }
}
