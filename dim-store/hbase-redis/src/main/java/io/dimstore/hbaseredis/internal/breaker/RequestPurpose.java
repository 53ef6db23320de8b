// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import io.dimstore.spi.support.Deadline;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The purpose of a request to Redis. It decides whether a server may be asked, how long to wait for
 * the answer, and what a failure means.
 *
 * @param use decides what the server's breaker learns from the outcome
 * @param allowed whether a server may be asked; evaluated on admission and again before the request
 *     is sent
 * @param deadline when the request fails TIMEOUT, whether it waits or was sent; null for {@code
 *     redis.timeout} after its admission
 * @param isPartial whether the answers of some servers can be used without those of the others
 */
public record RequestPurpose(
    Use use, Predicate<Breaker> allowed, @Nullable Deadline deadline, boolean isPartial) {

  /** What a request does. */
  public enum Use {
    /** A lookup, or the fill of an entry. If it fails, HBase answers the lookup. */
    READ,
    /**
     * A read for a check. It reads many keys, so it is slow without a fault, and HBase cannot
     * answer it instead.
     */
    CHECK,
    /** A write. If it fails, Redis lacks a change that HBase has. */
    WRITE,
    /**
     * A request about the server itself. Its outcome does not change the server's breaker directly.
     */
    PROBE
  }

  /**
   * Returns the purpose of a request that may be sent to every server and whose outcome no breaker
   * records.
   */
  public static RequestPurpose probe() {
    return new RequestPurpose(Use.PROBE, server -> true, null, false);
  }

  /** Returns the purpose of a probe that may be sent as long as a condition holds. */
  public static RequestPurpose when(BooleanSupplier condition) {
    return new RequestPurpose(Use.PROBE, server -> condition.getAsBoolean(), null, false);
  }

  public boolean allows(Breaker server) {
    return allowed.test(server);
  }
}
