// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.List;

/** Options that every store has, with the same names and meanings. */
public final class CommonOptions {

  /** How long a call may take (R2, R14). */
  public static final StoreOption<Duration> DEADLINE =
      StoreOption.duration(
          "deadline",
          Duration.ofSeconds(10),
          "How long one call may take, retries included, from its admission on; then it fails TIMEOUT.");

  /** How many keys may be pending (R14). */
  public static final StoreOption<Integer> MAX_PENDING =
      StoreOption.integer(
          "max-pending",
          100_000,
          1,
          Integer.MAX_VALUE,
          "How many keys may be pending in one store; calls beyond this number fail THROTTLED at once.");

  /** How long a delete is remembered (R4). */
  public static final StoreOption<Duration> TOMBSTONE_RETENTION =
      StoreOption.duration(
          "tombstone-retention",
          Duration.ofDays(7),
          "How long a delete is remembered after it was applied. In this time, an older put that"
              + " arrives late does not bring the row back.");

  private CommonOptions() {}

  /** Returns all common options. */
  public static List<StoreOption<?>> all() {
    return List.of(DEADLINE, MAX_PENDING, TOMBSTONE_RETENTION);
  }
}
