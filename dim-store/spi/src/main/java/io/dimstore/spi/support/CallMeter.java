// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Reports each attempt of a call as one request, which consumes no capacity units.
 *
 * @param server name of the server
 * @param metrics receives the reports
 */
public record CallMeter(String server, StoreMetrics metrics) {

  /**
   * Reports an attempt that has ended.
   *
   * @param bytes the size of the values that were sent or received, or 0 if it is unknown
   * @param nanos how long the attempt took
   * @param retries how many attempts of the call were made before
   * @param failure why the attempt failed, or null if it succeeded
   */
  public void report(
      StoreMetrics.Operation operation,
      int keys,
      long bytes,
      long nanos,
      int retries,
      StoreException.@Nullable Kind failure) {
    metrics.request(
        new StoreMetrics.Request(server, operation, keys, bytes, nanos, retries, 0, 0, failure));
  }
}
