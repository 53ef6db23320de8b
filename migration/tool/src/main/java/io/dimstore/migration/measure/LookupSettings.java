// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import java.time.Duration;

/**
 * How lookups are measured.
 *
 * @param time how long, of both stores together
 * @param sampleRows the keys to look up: those of so many rows of the old store
 * @param atOnce lookups under way at a time
 * @param pairs pairs of blocks that count; one more before them warms up
 * @param seed chooses keys and the order of the blocks
 */
public record LookupSettings(Duration time, int sampleRows, int atOnce, int pairs, long seed) {

  /** The number of pairs of blocks: enough for an interval, and each longer than a pause. */
  public static final int PAIRS = 20;
}
