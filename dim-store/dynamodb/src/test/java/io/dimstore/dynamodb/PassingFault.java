package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.Map;

/** Faults after which the same request may succeed. */
enum PassingFault {
  THROTTLED(
      WireFault.throttle("ProvisionedThroughputExceededException"), Kind.THROTTLED, "throttled"),
  THROTTLED_TABLE(
      WireFault.throttle(
          "ProvisionedThroughputExceededException", "TableReadProvisionedThroughputExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-table"),
  THROTTLED_PARTITION(
      WireFault.throttle("ThrottlingException", "TableReadKeyRangeThroughputExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-partition"),
  THROTTLED_ACCOUNT(
      WireFault.throttle("RequestLimitExceeded", "TableReadAccountLimitExceeded"),
      Kind.THROTTLED,
      "throttled",
      "throttled-account"),
  CONFLICT(
      WireFault.error(400, "TransactionConflictException", "Transaction is ongoing for the item"),
      Kind.THROTTLED,
      "throttled"),
  CONFLICT_OF_REGIONS(
      WireFault.error(
          400,
          "ReplicatedWriteConflictException",
          "One or more items in this request are being modified in another Region"),
      Kind.THROTTLED,
      "throttled"),
  ERROR_500(
      WireFault.error(500, "InternalServerError", "The request failed"),
      Kind.UNAVAILABLE,
      "failed-unavailable"),
  ERROR_503(WireFault.answer(503, "Away"), Kind.UNAVAILABLE, "failed-unavailable"),
  RESET(WireFault.reset(), Kind.UNAVAILABLE, "failed-unavailable"),
  RESET_MID_BODY(WireFault.resetMidBody(), Kind.UNAVAILABLE, "failed-unavailable"),
  LOST_ANSWER(WireFault.lostAnswer(), Kind.UNAVAILABLE, "failed-unavailable"),
  CHECKSUM(WireFault.wrongChecksum(), Kind.UNAVAILABLE, "failed-unavailable"),
  SLOW(WireFault.slow(Duration.ofSeconds(30)), Kind.TIMEOUT, "failed-timeout"),
  SILENCE(WireFault.silence(), Kind.TIMEOUT, "failed-timeout"),
  HALF_THEN_SILENCE(WireFault.halfThenSilence(), Kind.TIMEOUT, "failed-timeout"),
  TRICKLE(WireFault.trickle(), Kind.TIMEOUT, "failed-timeout");

  private final WireFault fault;
  private final Kind kind;
  private final String[] counted;

  PassingFault(WireFault fault, Kind kind, String... counted) {
    this.fault = fault;
    this.kind = kind;
    this.counted = counted;
  }

  WireFault fault() {
    return fault;
  }

  /** How a request fails that meets it each time. */
  Kind kind() {
    return kind;
  }

  /**
   * The attempts of a request that met it so many times: the SDK now and then hands the failure of
   * an attempt that ran out of time to the next attempt too, which then ends at once.
   */
  int mostAttemptsAfter(int times) {
    return kind == Kind.TIMEOUT ? times + 2 : times + 1;
  }

  /** Asserts what the metrics were told when it was met so many times. */
  void assertCounted(Map<String, Long> counts, int times) {
    assertThat(counts).containsOnlyKeys(counted);
    assertThat(counts.values())
        .allSatisfy(
            count -> assertThat(count).isBetween((long) times, mostAttemptsAfter(times) - 1L));
  }
}
