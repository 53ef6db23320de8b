// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The limits of the gates. The plan of a migration contains them, and the certificate prints those
 * that are weaker than the default.
 *
 * @param verificationAge greatest age of the verification, of the replay and of comparisons of
 *     lookups
 * @param evidenceAge greatest age of all other evidence, the roll-back drill excepted
 * @param drillAge greatest age of the roll-back drill
 * @param mismatchRate the share of lookups that may differ, which the upper end of the 95 %
 *     interval has to stay below
 * @param replicationLag greatest lag of the replication
 * @param latencyRatio greatest ratio of the 99th percentiles, new store by old store
 * @param throttledShare the share of requests that may be throttled
 * @param costDeviation greatest difference of the cost from the forecast, as a share of the
 *     forecast
 */
public record Limits(
    Duration verificationAge,
    Duration evidenceAge,
    Duration drillAge,
    double mismatchRate,
    Duration replicationLag,
    double latencyRatio,
    double throttledShare,
    double costDeviation) {

  /** The limits of a production migration. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofHours(24),
          Duration.ofHours(1),
          Duration.ofDays(7),
          1e-6,
          Duration.ofSeconds(10),
          1.2,
          1e-4,
          0.15);

  /** Refuses limits that no evidence could meet. */
  public Limits {
    requirePositive("verificationAge", verificationAge);
    requirePositive("evidenceAge", evidenceAge);
    requirePositive("drillAge", drillAge);
    requirePositive("replicationLag", replicationLag);
    requireShare("mismatchRate", mismatchRate);
    requireShare("throttledShare", throttledShare);
    if (!(latencyRatio > 0)) {
      throw new IllegalArgumentException("latencyRatio must be above 0: " + latencyRatio);
    }
    if (!(costDeviation > 0)) {
      throw new IllegalArgumentException("costDeviation must be above 0: " + costDeviation);
    }
  }

  /** Returns those of these limits that are weaker than the default, as text. */
  public List<String> weakerThanDefault() {
    Limits d = DEFAULT;
    List<String> weaker = new ArrayList<>();
    weaker(weaker, "share of lookups that differ", mismatchRate(), d.mismatchRate());
    weaker(weaker, "ratio of the p99", latencyRatio(), d.latencyRatio());
    weaker(weaker, "share of throttled requests", throttledShare(), d.throttledShare());
    weaker(weaker, "deviation of the cost", costDeviation(), d.costDeviation());
    weaker(
        weaker,
        "replication lag in seconds",
        replicationLag().toMillis() / 1e3,
        d.replicationLag().toMillis() / 1e3);
    weaker(
        weaker,
        "age of a verification in hours",
        verificationAge().toMinutes() / 60.0,
        d.verificationAge().toMinutes() / 60.0);
    weaker(
        weaker,
        "age of other evidence in hours",
        evidenceAge().toMinutes() / 60.0,
        d.evidenceAge().toMinutes() / 60.0);
    weaker(
        weaker,
        "age of the roll-back drill in days",
        drillAge().toHours() / 24.0,
        d.drillAge().toHours() / 24.0);
    return weaker;
  }

  private static void weaker(List<String> all, String what, double limit, double standard) {
    if (limit > standard) {
      all.add(String.format(Locale.ROOT, "%s: %s, by default %s", what, limit, standard));
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be above zero: " + value);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be above 0 and at most 1: " + value);
    }
  }
}
