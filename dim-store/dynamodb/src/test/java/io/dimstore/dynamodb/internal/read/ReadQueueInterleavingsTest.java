// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class ReadQueueInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
                new ReadQueueScenario(),
                new PlantedRace(
                    "OfOneThread",
                    ReadQueue.class,
                    "new ConcurrentLinkedQueue<>\\(\\)",
                    "new java.util.LinkedList<>()"))
            .withRare(
                new PlantedRace(
                    "TakingAfterLooking",
                    ReadQueue.class,
                    "Wanted next = waiting\\.poll\\(\\)",
                    "Wanted next = waiting.peek(); waiting.poll()")));
  }
}
