// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.migration.gate.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step ended.
 *
 * @param phase the phase that the migration is in now
 * @param findings what the step measured
 * @param succeeded whether the step did what it is for
 * @param text what happened, for the log and for people
 * @param forced the reason that was given for passing gates that did not hold, or null
 * @param takeOvers how often the old store has taken over alone, as far as the step has dealt with
 *     it; null if the step did not look
 */
public record StepResult(
    Phase phase,
    List<Finding> findings,
    boolean succeeded,
    String text,
    @Nullable String forced,
    @Nullable Long takeOvers) {

  /** Copies the list. */
  public StepResult {
    findings = List.copyOf(findings);
  }

  /** Returns the result of a step that did what it is for. */
  public static StepResult reached(Phase phase, String text, Finding... findings) {
    return new StepResult(phase, List.of(findings), true, text, null, null);
  }

  /** Returns the result of a step after which the migration is where it was. */
  public static StepResult refused(Phase phase, String text, Finding... findings) {
    return new StepResult(phase, List.of(findings), false, text, null, null);
  }

  /** Returns this result with the reason for passing gates that did not hold. */
  public StepResult forcedBy(String reason) {
    return new StepResult(phase, findings, succeeded, text, reason, takeOvers);
  }

  /** Returns this result of a step that has dealt with so many take-overs. */
  public StepResult dealtWith(long number) {
    return new StepResult(phase, findings, succeeded, text, forced, number);
  }
}
