// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.interleavings.PlantedRace;
import org.junit.jupiter.api.Test;

/** Settling against a concurrent write, in every interleaving, and races planted into it. */
class SettleRaceTest {

  @Test
  void noInterleavingLosesAWrite() {
    new SettleScenario().run();
  }

  @Test
  void removingIntentsThatCameMeanwhileIsFound() {
    assertFound(
        new PlantedRace(
            "RemovesLaterIntents",
            Settler.class,
            "log\\.remove\\(settled\\)",
            "log.list(1_000_000).thenCompose(log::remove)"));
  }

  @Test
  void notReadingTheSourceAgainIsFound() {
    assertFound(
        new PlantedRace(
            "DoesNotReadAgain",
            Settler.class,
            "rows\\.changed\\(\\)\\.forEach\\(pass::leave\\);",
            ""));
  }

  private static void assertFound(PlantedRace race) {
    assertThatThrownBy(() -> race.against(SettleScenario.class).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no intent is left");
  }
}
