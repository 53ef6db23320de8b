// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Evidence with the time at which its measurement ended.
 *
 * @param at time by the clock of the process that measured
 * @param evidence what was measured
 * @param context how it was measured: settings, further counts, what was assumed
 * @param recorded where the evidence is stored, or null if it was measured just now
 */
public record Finding(
    Instant at, Evidence evidence, Map<String, String> context, @Nullable Recorded recorded) {

  /** Copies the map in the order of its names. */
  @SuppressWarnings("RedundantNullCheck") // A stored finding may lack it.
  public Finding {
    context = Collections.unmodifiableMap(context == null ? Map.of() : new TreeMap<>(context));
  }

  /** Creates a finding that was measured just now. */
  public Finding(Instant at, Evidence evidence, Map<String, String> context) {
    this(at, evidence, context, null);
  }

  /** Creates a finding without context. */
  public Finding(Instant at, Evidence evidence) {
    this(at, evidence, Map.of(), null);
  }

  /**
   * Where evidence is stored.
   *
   * @param record name of the shared record
   * @param sha256 hash of its content
   */
  public record Recorded(String record, String sha256) {}

  /** Returns this finding with the place where it is stored. */
  public Finding recordedAs(Recorded place) {
    return new Finding(at, evidence, context, place);
  }

  /** Returns whether the measurement is at most this old. */
  public boolean isYoungerThan(Duration most, Instant now) {
    return age(now).compareTo(most) <= 0;
  }

  /** Returns the time from the end of the measurement until {@code now}, at least zero. */
  public Duration age(Instant now) {
    Duration age = Duration.between(at, now);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
