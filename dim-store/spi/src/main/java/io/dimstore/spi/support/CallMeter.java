// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Reports each attempt of a call as one request.
 *
 * @param server name of the server
 * @param metrics receives the reports
 */
record CallMeter(String server, StoreMetrics metrics) {

  /**
   * Reports an attempt that has ended.
   *
   * @param beginNanos when the attempt began, by {@link System#nanoTime}
   * @param retries how many attempts of the call were made before
   */
  void report(
      StoreMetrics.Operation operation,
      int keys,
      long beginNanos,
      int retries,
      StoreException.@Nullable Kind failure) {
    long nanos = System.nanoTime() - beginNanos;
    metrics.request(
        new StoreMetrics.Request(server, operation, keys, 0, nanos, retries, 0, 0, failure));
  }
}
