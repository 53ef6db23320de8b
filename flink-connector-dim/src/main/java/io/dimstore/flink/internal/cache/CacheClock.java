// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import java.util.function.LongSupplier;

/**
 * The clocks of a cache.
 *
 * @param nanos a monotonic clock, by which ages are measured
 * @param millis the time of day in epoch milliseconds, with which the expiry of rows is compared
 */
public record CacheClock(LongSupplier nanos, LongSupplier millis) {

  /** The clocks of this process. */
  public static final CacheClock SYSTEM =
      new CacheClock(System::nanoTime, System::currentTimeMillis);

  long nanoTime() {
    return nanos.getAsLong();
  }

  long currentTimeMillis() {
    return millis.getAsLong();
  }
}
