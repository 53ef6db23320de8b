// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** The conditions of a cut-over, in the order in which they are listed. */
public enum Gate {
  /** A full verification found no difference. */
  VERIFIED(
      Evidence.Verification.class,
      Limits::verificationAge,
      "bin/dimstore migrate verify",
      (Evidence.Verification found, Limits limits) ->
          found.rows() == 0
              ? Judgement.fails("no row was compared")
              : Judgement.of(
                  found.differences() == 0,
                  found.differences()
                      + " differences in "
                      + found.rows()
                      + " rows, "
                      + found.extra()
                      + " extra, "
                      + found.unreadable()
                      + " unreadable")),

  /** Shadow reads agree. */
  SHADOW_READS_AGREE(
      Evidence.ShadowReads.class,
      Limits::evidenceAge,
      "bin/dimstore migrate shadow, and wait until enough lookups are compared",
      (Evidence.ShadowReads found, Limits limits) -> {
        double bound = RateBound.upper(found.mismatched(), found.compared());
        return Judgement.of(
            bound < limits.mismatchRate(),
            String.format(
                Locale.ROOT,
                "%d of %d lookups differ: below %.2g with 95 %% confidence, limit %.2g",
                found.mismatched(),
                found.compared(),
                bound,
                limits.mismatchRate()));
      }),

  /** No write is missing in the other store. */
  INTENTS_DONE(
      Evidence.OpenIntents.class,
      Limits::evidenceAge,
      "bin/dimstore migrate status, once the other store accepts writes",
      (Evidence.OpenIntents found, Limits limits) ->
          Judgement.of(
              found.keys() == 0, found.keys() + " keys of writes wait for the other store")),

  /** All writers are covered, and their changes arrive in time. */
  REPLICATION_IN_TIME(
      Evidence.Replication.class,
      Limits::evidenceAge,
      "bin/dimstore migrate preflight; docs/hbase-endpoint.md says how to cover a writer",
      (Evidence.Replication found, Limits limits) ->
          found.uncovered().isEmpty()
              ? Judgement.of(
                  found.lagMillis() <= limits.replicationLag().toMillis(),
                  "lag "
                      + found.lagMillis()
                      + " ms, limit "
                      + limits.replicationLag().toMillis()
                      + " ms")
              : Judgement.fails("not covered: " + String.join(", ", found.uncovered()))),

  /** Lookups of the new store are about as fast. */
  FAST_ENOUGH(
      Evidence.Latency.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure",
      (Evidence.Latency found, Limits limits) ->
          Judgement.of(
              found.lookups() > 0 && found.ratio() <= limits.latencyRatio(),
              String.format(
                  Locale.ROOT,
                  "p99 of %d lookups is %.2f times that of the old store (95 %% below %.2f), limit"
                      + " %.2f",
                  found.lookups(),
                  found.ratio(),
                  found.high(),
                  limits.latencyRatio()))),

  /** The capacity of the new store suffices. */
  NOT_THROTTLED(
      Evidence.Throttling.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure, after the capacity of the table was raised",
      (Evidence.Throttling found, Limits limits) ->
          Judgement.of(
              found.requests() > 0
                  && found.throttled() < limits.throttledShare() * found.requests(),
              String.format(
                  Locale.ROOT,
                  "%d of %d requests throttled, limit %.4f %%",
                  found.throttled(),
                  found.requests(),
                  100 * limits.throttledShare()))),

  /** The feature job has the same results on both stores. */
  FEATURES_EQUAL(
      Evidence.Replay.class,
      Limits::verificationAge,
      "bin/dimstore migrate replay",
      (Evidence.Replay found, Limits limits) ->
          found.rows() == 0
              ? Judgement.fails("no feature row was compared")
              : Judgement.of(
                  found.differences() == 0,
                  found.differences() + " of " + found.rows() + " feature rows differ")),

  /** The way back was tried. */
  ROLL_BACK_DRILLED(
      Evidence.RollBackDrill.class,
      Limits::drillAge,
      "bin/dimstore migrate rollback --drill",
      (Evidence.RollBackDrill found, Limits limits) ->
          Judgement.holds(String.format(Locale.ROOT, "a roll-back took %.1f s", found.seconds()))),

  /** The cost is what was planned. */
  COST_AS_FORECAST(
      Evidence.Cost.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure, or a new forecast in the plan",
      (Evidence.Cost found, Limits limits) ->
          Judgement.of(
              found.forecast() > 0
                  && Math.abs(found.measured() - found.forecast())
                      <= limits.costDeviation() * found.forecast(),
              String.format(
                  Locale.ROOT,
                  "%.2f dollars a month, forecast %.2f, limit %.0f %%",
                  found.measured(),
                  found.forecast(),
                  100 * limits.costDeviation())));

  private final Class<? extends Evidence> evidence;
  private final Function<Limits, Duration> maxAge;
  private final String remedy;
  private final Rule<Evidence> rule;

  <E extends Evidence> Gate(
      Class<E> evidence, Function<Limits, Duration> maxAge, String remedy, Rule<E> rule) {
    this.evidence = evidence;
    this.maxAge = maxAge;
    this.remedy = remedy;
    this.rule = (found, limits) -> rule.judge(evidence.cast(found), limits);
  }

  /** Judges evidence of one kind. */
  private interface Rule<E extends Evidence> {
    Judgement judge(E found, Limits limits);
  }

  /** Returns the kind of evidence that this gate judges. */
  public Class<? extends Evidence> evidence() {
    return evidence;
  }

  /** Returns the command that produces the evidence. */
  public String remedy() {
    return remedy;
  }

  /** Returns the name in reports, such as {@code shadow-reads-agree}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Duration maxAge(Limits limits) {
    return maxAge.apply(limits);
  }

  Judgement judge(Evidence found, Limits limits) {
    return rule.judge(found, limits);
  }
}
