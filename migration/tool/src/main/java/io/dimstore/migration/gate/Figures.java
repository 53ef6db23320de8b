// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import org.jspecify.annotations.Nullable;

/**
 * The numbers that a gate compares.
 *
 * @param measured the measured value
 * @param limit the limit of the plan, or null if the plan has none
 * @param bound the upper end of the 95 % interval of the measured value, or null if it was counted
 *     in full
 * @param unit the unit of all three
 */
public record Figures(
    double measured, @Nullable Double limit, @Nullable Double bound, String unit) {

  static Figures counted(long measured, long limit, String unit) {
    return new Figures((double) measured, (double) limit, null, unit);
  }
}
