// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.interleavings.Linearizability;
import io.dimstore.interleavings.PlantedRace;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("without-log4j")
class LookupBatcherLinearizabilityTest {

  private static final Class<?> SPECIFICATION = LookupBatcherOperations.Specification.class;

  @Test
  void concurrentLookupsSeeEachChangeThatCameBefore() {
    Linearizability.check(LookupBatcherOperations.class, SPECIFICATION);
  }

  @Test
  void lookupThatIsAddedWithoutLockIsFound() {
    assertThat(
            found(
                "AddingWithoutLock",
                "Batch batch = null;\\s+synchronized \\(lock\\) \\{\\s+if \\(closed\\)",
                "Batch batch = null; synchronized (new Object()) { if (closed)"))
        .isPresent();
  }

  @Test
  void readThatAnswersALaterLookupIsFound() {
    assertThat(
            found(
                "AnsweringFromAnEarlierRead",
                "Waiting held = waiting.get\\(key\\);",
                "Waiting held = waiting.get(key); for (Batch sent : underWay) {"
                    + " for (Waiting other : sent.entries) {"
                    + " if (other.key().equals(key)) { held = other; } } }"))
        .isPresent();
  }

  private static Optional<String> found(String name, String pattern, String replacement) {
    PlantedRace race = new PlantedRace(name, LookupBatcher.class, pattern, replacement);
    return Linearizability.violation(race.in(LookupBatcherOperations.class), SPECIFICATION);
  }
}
