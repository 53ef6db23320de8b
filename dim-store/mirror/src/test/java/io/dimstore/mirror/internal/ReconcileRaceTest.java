// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.interleavings.PlantedRace;
import org.junit.jupiter.api.Test;

/** Reconciling against a concurrent write, in every interleaving, and races planted into it. */
class ReconcileRaceTest {

  @Test
  void noInterleavingLosesAWrite() {
    new ReconcileScenario().run();
  }

  @Test
  void removingIntentsThatCameMeanwhileIsFound() {
    assertFound(
        new PlantedRace(
            "RemovesLaterIntents",
            IntentReconciler.class,
            "log\\.remove\\(reconciled\\)",
            "log.list(1_000_000).thenCompose(log::remove)"));
  }

  @Test
  void notReadingTheSourceAgainIsFound() {
    assertFound(
        new PlantedRace(
            "DoesNotReadAgain",
            IntentReconciler.class,
            "rows\\.changed\\(\\)\\.forEach\\(pass::leave\\);",
            ""));
  }

  private static void assertFound(PlantedRace race) {
    assertThatThrownBy(() -> race.against(ReconcileScenario.class).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no intent is left");
  }
}
