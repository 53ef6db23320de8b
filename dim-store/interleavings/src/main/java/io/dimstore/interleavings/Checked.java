// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.List;

/**
 * A scenario that must succeed with the real classes, and planted races that must make it fail.
 *
 * @param scenario starts its threads with {@link Threads#run}, does the same on each run, and
 *     throws if something is wrong
 * @param races each is planted alone, and must make the scenario fail
 * @param rare races that are found only after minutes, for which the long form alone searches
 */
public record Checked(Runnable scenario, List<PlantedRace> races, List<PlantedRace> rare) {

  /** Creates a checked scenario from a scenario and its races. */
  public static Checked by(Runnable scenario, PlantedRace... races) {
    return new Checked(scenario, List.of(races), List.of());
  }

  /** Returns this scenario with races that take minutes to find. */
  public Checked withRare(PlantedRace... others) {
    return new Checked(scenario, races, List.of(others));
  }
}
