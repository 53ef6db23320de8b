// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of one gate.
 *
 * @param gate the gate
 * @param outcome whether it holds, and if not, why
 * @param finding the newest evidence for it, or null if there is none
 * @param figures what was compared, or null without evidence
 * @param maxAge the age up to which the evidence counts
 * @param text the figures, or what is missing
 */
public record GateResult(
    Gate gate,
    Outcome outcome,
    @Nullable Finding finding,
    @Nullable Figures figures,
    Duration maxAge,
    String text) {

  /** Whether a gate holds. Only {@link #HOLDS} lets a cut-over pass. */
  public enum Outcome {
    /** The evidence meets the limit. */
    HOLDS,
    /** The evidence does not meet the limit. */
    FAILS,
    /** The evidence is older than its limit, or dated after now. */
    OUTDATED,
    /** The evidence is not what was recorded, or not about this migration. */
    NOT_GENUINE,
    /** Nothing was measured. */
    NO_EVIDENCE
  }

  /** Returns whether the gate lets a cut-over pass. */
  public boolean holds() {
    return outcome == Outcome.HOLDS;
  }

  /**
   * Judges every gate by the newest evidence of its kind.
   *
   * @param findings all evidence of the migration, in any order
   * @param limits the limits of the plan
   * @param now the time to compute ages with
   * @return one result for each gate, in the order of the gates
   */
  public static List<GateResult> all(Collection<Finding> findings, Limits limits, Instant now) {
    return all(findings, limits, now, finding -> null);
  }

  /**
   * Judges every gate by the newest evidence of its kind.
   *
   * @param findings all evidence of the migration, in any order
   * @param limits the limits of the plan
   * @param now the time to compute ages with
   * @param problems tells why a finding does not count, or null if it does
   * @return one result for each gate, in the order of the gates
   */
  public static List<GateResult> all(
      Collection<Finding> findings,
      Limits limits,
      Instant now,
      Function<Finding, @Nullable String> problems) {
    List<GateResult> results = new ArrayList<>();
    for (Gate gate : Gate.values()) {
      Finding newest =
          findings.stream()
              .filter(finding -> gate.evidence().isInstance(finding.evidence()))
              .max(Comparator.comparing(Finding::at))
              .orElse(null);
      GateResult result = judge(gate, newest, limits, now, problems);
      results.add(
          switch (gate) {
            case SHADOW_READS_AGREE -> withNoise(result, findings);
            case COST_AS_FORECAST -> withRates(result);
            default -> result;
          });
    }
    return List.copyOf(results);
  }

  /** Adds how many differences the comparison makes by itself, if that was measured. */
  private static GateResult withNoise(GateResult result, Collection<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.evidence() instanceof Evidence.ShadowNoise)
        .max(Comparator.comparing(Finding::at))
        .map(noise -> result.with("; " + ((Evidence.ShadowNoise) noise.evidence()).text()))
        .orElse(result);
  }

  /** Says from where the rates are: with those of the forecast, they cannot contradict it. */
  private static GateResult withRates(GateResult result) {
    Finding finding = result.finding();
    String lookups = finding == null ? null : finding.context().get("lookupsFrom");
    String writes = finding == null ? null : finding.context().get("writesFrom");
    return lookups == null || writes == null
        ? result
        : result.with("; lookups a second from " + lookups + ", writes a second from " + writes);
  }

  private GateResult with(String more) {
    return new GateResult(gate, outcome, finding, figures, maxAge, text + more);
  }

  private static GateResult judge(
      Gate gate,
      @Nullable Finding newest,
      Limits limits,
      Instant now,
      Function<Finding, @Nullable String> problems) {
    Duration maxAge = gate.maxAge(limits);
    if (newest == null) {
      return new GateResult(gate, Outcome.NO_EVIDENCE, null, null, maxAge, "nothing was measured");
    }
    Judgement judgement = gate.judge(newest.evidence(), limits);
    Outcome outcome = judgement.holds() ? Outcome.HOLDS : Outcome.FAILS;
    String text = judgement.text();
    String problem = problems.apply(newest);
    if (problem != null) {
      outcome = Outcome.NOT_GENUINE;
      text = problem;
    } else if (newest.at().isAfter(now.plus(CLOCK_TOLERANCE))) {
      // A measurement from the future says that two clocks differ: its age is unknown.
      outcome = Outcome.OUTDATED;
      text =
          "measured at " + newest.at() + ", after the present time " + now + ": compare the clocks";
    } else if (!newest.isYoungerThan(maxAge, now)) {
      outcome = Outcome.OUTDATED;
      text += "; measured at " + newest.at() + ", valid for " + text(maxAge);
    }
    return new GateResult(gate, outcome, newest, judgement.figures(), maxAge, text);
  }

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  private static String text(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds % 3600 == 0
        ? seconds / 3600 + " h"
        : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
