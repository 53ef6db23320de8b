// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Base class for a test of the concurrent classes of one package. It runs their scenarios under
 * many interleavings, and checks that each planted race makes its scenario fail.
 */
public abstract class InterleavingsContract {

  /** Returns the scenarios, each with its races. */
  protected abstract Stream<Checked> scenarios();

  @TestFactory
  public final Stream<DynamicTest> everyInterleavingIsRight() {
    return scenarios()
        .map(
            checked ->
                DynamicTest.dynamicTest(
                    name(checked), () -> Interleavings.check(checked.scenario())));
  }

  @TestFactory
  public final Stream<DynamicTest> plantedRaceIsFound() {
    return scenarios()
        .flatMap(
            checked ->
                checked.races().stream()
                    .map(
                        race ->
                            DynamicTest.dynamicTest(
                                name(race, checked), () -> find(race, checked))));
  }

  /**
   * A rare race takes too long to find in every run. The usual run only checks that the edit that
   * plants it still applies.
   */
  @TestFactory
  public final Stream<DynamicTest> rareRaceIsPlantedAndFoundByTheLongForm() {
    return scenarios()
        .flatMap(
            checked ->
                checked.rare().stream()
                    .map(
                        race ->
                            DynamicTest.dynamicTest(
                                name(race, checked), () -> plantOrFind(race, checked))));
  }

  private static void plantOrFind(PlantedRace race, Checked checked) {
    if (Interleavings.isLong()) {
      find(race, checked);
    } else {
      race.against(checked.scenario().getClass());
    }
  }

  private static String name(PlantedRace race, Checked checked) {
    return name(checked) + ": " + race.target().getSimpleName() + race.name();
  }

  private static String name(Checked checked) {
    return checked.scenario().getClass().getSimpleName();
  }

  private static void find(PlantedRace race, Checked checked) {
    Optional<String> found = Interleavings.failure(race.against(checked.scenario().getClass()));
    if (found.isEmpty()) {
      throw new AssertionError(
          "No interleaving was found in which the race " + race.name() + " fails");
    }
    if (!found.get().contains("Concurrent test failed")) {
      throw new AssertionError(
          "The scenario did not fail because of the race, but: " + found.get());
    }
  }
}
