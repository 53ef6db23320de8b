// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.dynamodb.model.Fault;
import java.time.Duration;
import java.util.Map;

/** Transient faults: a retry of the same request can succeed. */
public enum PassingFault {
  THROTTLED(Fault.throttle("ProvisionedThroughputExceededException"), Kind.THROTTLED, "throttled"),
  THROTTLED_TABLE(
      Fault.throttle(
          "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-table"),
  THROTTLED_PARTITION(
      Fault.throttle("ThrottlingException", "TableReadKeyRangeThroughputExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-partition"),
  THROTTLED_ACCOUNT(
      Fault.throttle("RequestLimitExceeded", "TableReadAccountLimitExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-account"),
  CONFLICT(
      Fault.error(400, "TransactionConflictException", "Transaction is ongoing for the item"),
      Kind.THROTTLED,
      "throttled"),
  CONFLICT_OF_REGIONS(
      Fault.error(
          400,
          "ReplicatedWriteConflictException",
          "One or more items in this request are being modified in another Region"),
      Kind.THROTTLED,
      "throttled"),
  ERROR_500(
      Fault.error(500, "InternalServerError", "The request failed"),
      Kind.UNAVAILABLE,
      "failed-unavailable"),
  ERROR_503(Fault.answer(503, "Away"), Kind.UNAVAILABLE, "failed-unavailable"),
  RESET(Fault.reset(), Kind.UNAVAILABLE, "failed-unavailable"),
  RESET_MID_BODY(Fault.resetMidBody(), Kind.UNAVAILABLE, "failed-unavailable"),
  LOST_ANSWER(Fault.lostAnswer(), Kind.UNAVAILABLE, "failed-unavailable"),
  CHECKSUM(Fault.wrongChecksum(), Kind.UNAVAILABLE, "failed-unavailable"),
  SLOW(Fault.slow(Duration.ofSeconds(30)), Kind.TIMEOUT, "failed-timeout"),
  SILENCE(Fault.silence(), Kind.TIMEOUT, "failed-timeout"),
  HALF_THEN_SILENCE(Fault.halfThenSilence(), Kind.TIMEOUT, "failed-timeout"),
  TRICKLE(Fault.trickle(), Kind.TIMEOUT, "failed-timeout");

  private final Fault fault;
  private final Kind kind;
  private final String[] counted;

  PassingFault(Fault fault, Kind kind, String... counted) {
    this.fault = fault;
    this.kind = kind;
    this.counted = counted;
  }

  public Fault fault() {
    return fault;
  }

  /** Returns the kind of failure of a request with this fault on each attempt. */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns whether the next attempt can meet the fault too: if an attempt times out, or its
   * connection breaks, the SDK sometimes passes that failure to the next attempt, which then ends
   * at once, with its request sent or not.
   */
  public boolean reachesTheNextAttempt() {
    return switch (this) {
      case RESET, RESET_MID_BODY, LOST_ANSWER -> true;
      default -> kind == Kind.TIMEOUT;
    };
  }

  /** Returns the largest number of attempts of a request that met the fault this many times. */
  public int mostAttemptsAfter(int times) {
    return reachesTheNextAttempt() ? times + 2 : times + 1;
  }

  /** Asserts the counts in the metrics after this number of faults. */
  public void assertCounted(Map<String, Long> counts, int times) {
    assertThat(counts).containsOnlyKeys(counted);
    assertThat(counts.values())
        .allSatisfy(
            count -> assertThat(count).isBetween((long) times, mostAttemptsAfter(times) - 1L));
  }
}
