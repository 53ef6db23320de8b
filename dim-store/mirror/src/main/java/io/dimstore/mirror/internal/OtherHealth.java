// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.StoreException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether calls go to a side that is not the primary. After {@value #MOST} failures in a
 * row, of kinds that may be retried, only one call per second is sent to it. All other calls do not
 * wait for a side that is down. Thread-safe.
 */
final class OtherHealth {

  private static final int MOST = 3;
  private static final long PROBE_NANOS = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private int failures;
  private long lastProbe;

  OtherHealth(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Returns whether a call may try the side; if it is failing, the caller is the probe. */
  synchronized boolean tryWrite() {
    if (failures < MOST) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (now - lastProbe < PROBE_NANOS) {
      return false;
    }
    lastProbe = now;
    return true;
  }

  /** Returns whether the side answers. */
  synchronized boolean isWell() {
    return failures < MOST;
  }

  /** Notes the outcome of a call. Failures that are the call's own fault do not count. */
  synchronized void ended(@Nullable StoreException failure) {
    if (failure == null) {
      failures = 0;
    } else if (failure.kind().isRetryable()) {
      failures = Math.min(MOST, failures + 1);
      lastProbe = nanoTime.getAsLong();
    }
  }
}
