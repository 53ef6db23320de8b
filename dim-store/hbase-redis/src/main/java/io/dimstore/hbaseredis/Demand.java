package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a request to Redis is for: whether a server is to be asked at all, until when its answer is
 * waited for, and how much a failure matters.
 *
 * @param use decides what the server's breaker learns from the outcome
 * @param allowed whether a server may be asked; evaluated on admission and again before the request
 *     is sent
 * @param deadline when the request fails TIMEOUT, wherever it is then; null for the option {@code
 *     redis.timeout} from its admission on
 * @param isPartial whether the answers of some servers are worth having without those of others
 */
record Demand(Use use, Predicate<Breaker> allowed, @Nullable Deadline deadline, boolean isPartial) {

  /** What a request does. */
  enum Use {
    /** Reads, or fills in what HBase answered. HBase answers where it fails. */
    READ,
    /** Reads much at a time, for a check: slow by nature, and nothing else answers it. */
    CHECK,
    /** Tells Redis of a change: a failure leaves Redis behind HBase. */
    WRITE,
    /** Finds out about the server itself; changes nothing in its breaker by itself. */
    PROBE
  }

  /** A request that every server may be asked, and whose outcome no breaker learns. */
  static Demand probe() {
    return new Demand(Use.PROBE, server -> true, null, false);
  }

  /** The same as long as a condition holds. */
  static Demand when(BooleanSupplier condition) {
    return new Demand(Use.PROBE, server -> condition.getAsBoolean(), null, false);
  }

  boolean allows(Breaker server) {
    return allowed.test(server);
  }
}
