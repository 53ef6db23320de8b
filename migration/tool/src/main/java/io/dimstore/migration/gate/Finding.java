// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * Evidence with the time at which its measurement ended.
 *
 * @param at time by the clock of the process that measured
 * @param evidence what was measured
 */
public record Finding(Instant at, Evidence evidence) {

  /** Returns whether the measurement is at most this old. */
  public boolean isYoungerThan(Duration most, Instant now) {
    return age(now).compareTo(most) <= 0;
  }

  /** Returns the time from the end of the measurement until {@code now}, at least zero. */
  Duration age(Instant now) {
    Duration age = Duration.between(at, now);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
