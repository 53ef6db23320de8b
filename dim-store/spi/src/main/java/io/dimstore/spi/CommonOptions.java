package io.dimstore.spi;

import java.time.Duration;
import java.util.List;

/** Options that every store has, with the same names and meaning. */
public final class CommonOptions {

  /** How long a call may take (R2, R14). */
  public static final StoreOption<Duration> DEADLINE =
      StoreOption.duration(
          "deadline",
          Duration.ofSeconds(10),
          "How long one call may take, retries included, from its admission on; then it fails TIMEOUT.");

  /** How much may be under way (R14). */
  public static final StoreOption<Integer> MAX_PENDING =
      StoreOption.integer(
          "max-pending",
          100_000,
          1,
          Integer.MAX_VALUE,
          "How many keys may be under way in one store; calls beyond it fail THROTTLED at once.");

  /** How long a delete is remembered (R4). */
  public static final StoreOption<Duration> TOMBSTONE_RETENTION =
      StoreOption.duration(
          "tombstone-retention",
          Duration.ofDays(7),
          "How long a delete is remembered after it was applied; no older put that comes later"
              + " than the delete brings the row back in this time.");

  private CommonOptions() {}

  /** All of them. */
  public static List<StoreOption<?>> all() {
    return List.of(DEADLINE, MAX_PENDING, TOMBSTONE_RETENTION);
  }
}
