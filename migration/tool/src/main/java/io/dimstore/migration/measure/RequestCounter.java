// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import io.dimstore.spi.StoreMetrics;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Adds up the requests of a store. A request that the client sent again counts each time.
 * Thread-safe.
 */
public final class RequestCounter implements StoreMetrics {

  private final LongAdder requests = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder computed = new LongAdder();
  private final DoubleAdder readUnits = new DoubleAdder();
  private final DoubleAdder writeUnits = new DoubleAdder();

  /**
   * What was counted.
   *
   * @param sent requests, repetitions included
   * @param throttled those that the server throttled
   * @param failed requests that failed to the end, for any reason
   * @param readUnits consumed read units; 0 if the store bills none
   * @param writeUnits consumed write units; 0 if the store bills none
   * @param reportedByServer whether the server reported all units
   */
  public record Requests(
      long sent,
      long throttled,
      long failed,
      double readUnits,
      double writeUnits,
      boolean reportedByServer) {

    Requests since(Requests before) {
      return new Requests(
          sent - before.sent,
          throttled - before.throttled,
          failed - before.failed,
          readUnits - before.readUnits,
          writeUnits - before.writeUnits,
          reportedByServer);
    }
  }

  @Override
  public void request(Request request) {
    requests.add(1L + request.retries());
    readUnits.add(request.readUnits());
    writeUnits.add(request.writeUnits());
    if (request.computed()) {
      computed.increment();
    }
    if (request.failure() != null) {
      failed.increment();
    }
  }

  @Override
  public void count(String name, long delta) {
    if (name.equals("throttled")) {
      throttled.add(delta);
    }
  }

  /** Returns what was counted so far. */
  public Requests requests() {
    return new Requests(
        requests.sum(),
        throttled.sum(),
        failed.sum(),
        readUnits.sum(),
        writeUnits.sum(),
        computed.sum() == 0);
  }
}
