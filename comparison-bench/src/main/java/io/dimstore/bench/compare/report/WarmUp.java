// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether an arm's job had warmed up when it was timed: its CPU time in each half of the timed
 * events. As long as a job's JVM compiles its code, later events take less.
 *
 * @param firstHalf CPU seconds per million events, in the first half of the timed events
 * @param secondHalf the same in the second half
 */
public record WarmUp(double firstHalf, double secondHalf) {

  /** A smaller decline is within what the same events take from one time to the next. */
  private static final double LARGEST_DECLINE = 0.1;

  /** Returns by which share the second half took less than the first one; 0 if it took more. */
  @JsonIgnore
  double decline() {
    return firstHalf > 0 ? Math.max(0, 1 - secondHalf / firstHalf) : 0;
  }

  @JsonIgnore
  boolean isSteady() {
    return decline() <= LARGEST_DECLINE;
  }

  /** Returns a sentence that names the arms that were still warming up; empty if none was. */
  static String warning(List<Results.ArmResult> arms) {
    String unsteady =
        arms.stream()
            .filter(arm -> !arm.warmUp().isSteady())
            .map(
                arm ->
                    String.format(
                        Locale.ROOT, "%s by %.0f %%", arm.name(), 100 * arm.warmUp().decline()))
            .collect(Collectors.joining(", "));
    return unsteady.isEmpty()
        ? ""
        : "Some jobs were still warming up while they were timed. From the first half of the timed"
            + " events to the second, the job's CPU time per event fell: "
            + unsteady
            + ". The timed figures of these arms are too high in CPU and too low in events/s;"
            + " '--profile full' times more events.";
  }
}
