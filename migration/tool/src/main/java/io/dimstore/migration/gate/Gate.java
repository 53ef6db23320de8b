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
      (Evidence.Verification found, Limits limits) -> {
        Figures figures = Figures.counted(found.differences(), 0, "differences");
        return found.rows() == 0
            ? Judgement.fails(figures, "no row was compared")
            : Judgement.of(
                found.differences() == 0,
                figures,
                found.differencesInRows()
                    + ", "
                    + found.extra()
                    + " extra, "
                    + found.unreadable()
                    + " unreadable");
      }),

  /** Shadow reads agree. */
  SHADOW_READS_AGREE(
      Evidence.ShadowReads.class,
      Limits::verificationAge,
      "bin/dimstore migrate shadow, and wait until enough lookups are compared",
      (Evidence.ShadowReads found, Limits limits) -> {
        double bound = RateBound.upper(found.mismatched(), found.compared());
        return Judgement.of(
            bound < limits.mismatchRate(),
            new Figures(
                share(found.mismatched(), found.compared()),
                limits.mismatchRate(),
                bound,
                "share of the lookups"),
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
              found.keys() == 0,
              Figures.counted(found.keys(), 0, "keys"),
              found.keys() + " keys of writes wait for the other store")),

  /** All writers are covered, and their changes arrive in time. */
  REPLICATION_IN_TIME(
      Evidence.Replication.class,
      Limits::evidenceAge,
      "bin/dimstore migrate preflight; docs/hbase-endpoint.md says how to cover a writer",
      (Evidence.Replication found, Limits limits) -> {
        long limit = limits.replicationLag().toMillis();
        Figures figures = Figures.counted(found.lagMillis(), limit, "ms");
        return found.uncovered().isEmpty()
            ? Judgement.of(
                found.lagMillis() <= limit,
                figures,
                "lag " + found.lagMillis() + " ms, limit " + limit + " ms")
            : Judgement.fails(figures, "not covered: " + String.join(", ", found.uncovered()));
      }),

  /** Lookups of the new store are about as fast. */
  FAST_ENOUGH(
      Evidence.Latency.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure",
      (Evidence.Latency found, Limits limits) -> {
        Figures figures =
            new Figures(
                found.ratio(), limits.latencyRatio(), found.high(), "times that of the old store");
        String text =
            String.format(
                Locale.ROOT,
                "p99 of %d lookups is %.2f times that of the old store (95 %% below %.2f), limit"
                    + " %.2f",
                found.lookups(),
                found.ratio(),
                found.high(),
                limits.latencyRatio());
        return found.lookups() < Evidence.Latency.LEAST_LOOKUPS
            ? Judgement.fails(
                figures,
                "too few lookups to judge a p99: "
                    + found.lookups()
                    + ", at least "
                    + Evidence.Latency.LEAST_LOOKUPS
                    + " are needed; "
                    + text)
            : Judgement.of(found.ratio() <= limits.latencyRatio(), figures, text);
      }),

  /** The capacity of the new store suffices. */
  NOT_THROTTLED(
      Evidence.Throttling.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure, after the capacity of the table was raised",
      (Evidence.Throttling found, Limits limits) -> {
        double limit = limits.throttledShare();
        Figures figures =
            new Figures(
                found.share(),
                limit,
                RateBound.upper(found.throttled(), found.requests()),
                "share of the requests");
        String text =
            String.format(
                Locale.ROOT,
                "%d of %d requests throttled (95 %% below %.2g), limit %.2g",
                found.throttled(),
                found.requests(),
                figures.bound(),
                limit);
        // With fewer requests, a share below the limit could only be none.
        return (double) found.requests() * limit < 1
            ? Judgement.fails(
                figures,
                String.format(
                    Locale.ROOT,
                    "too few requests to judge: at least %.0f are needed; %s",
                    Math.ceil(1 / limit),
                    text))
            : Judgement.of(
                (double) found.throttled() < limit * (double) found.requests(), figures, text);
      }),

  /** The feature job has the same results on both stores. */
  FEATURES_EQUAL(
      Evidence.Replay.class,
      Limits::verificationAge,
      "bin/dimstore migrate replay",
      (Evidence.Replay found, Limits limits) -> {
        Figures figures = Figures.counted(found.differences(), 0, "differences");
        return found.rows() == 0
            ? Judgement.fails(figures, "no feature row was compared")
            : Judgement.of(
                found.differences() == 0,
                figures,
                found.differences() + " of " + found.rows() + " feature rows differ");
      }),

  /** The way back was tried. */
  ROLL_BACK_DRILLED(
      Evidence.RollBackDrill.class,
      Limits::drillAge,
      "bin/dimstore migrate rollback --drill",
      (Evidence.RollBackDrill found, Limits limits) ->
          Judgement.of(
              true,
              // The plan limits only its age: the certificate says how long a roll-back takes.
              new Figures(found.seconds(), null, null, "s"),
              String.format(Locale.ROOT, "a roll-back took %.1f s", found.seconds()))),

  /** The cost is what was planned. */
  COST_AS_FORECAST(
      Evidence.Cost.class,
      Limits::evidenceAge,
      "bin/dimstore migrate measure, with the forecast of the plan or --forecast",
      (Evidence.Cost found, Limits limits) ->
          Judgement.of(
              found.forecast() > 0
                  && Math.abs(found.measured() - found.forecast())
                      <= limits.costDeviation() * found.forecast(),
              new Figures(
                  found.forecast() > 0
                      ? Math.abs(found.measured() - found.forecast()) / found.forecast()
                      : 1,
                  limits.costDeviation(),
                  null,
                  "share of the forecast"),
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

  private static double share(long part, long all) {
    return all == 0 ? 1 : (double) part / all;
  }

  /** Returns the age up to which evidence counts. */
  public Duration maxAge(Limits limits) {
    return maxAge.apply(limits);
  }

  Judgement judge(Evidence found, Limits limits) {
    return rule.judge(found, limits);
  }
}
