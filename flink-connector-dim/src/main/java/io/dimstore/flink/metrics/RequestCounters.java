// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.metrics;

import io.dimstore.spi.StoreMetrics;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Sums over the requests of one kind to one server. Thread-safe. */
final class RequestCounters {

  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder keys = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final DoubleAdder readUnits = new DoubleAdder();
  private final DoubleAdder writeUnits = new DoubleAdder();
  private final DoubleAdder computedUnits = new DoubleAdder();

  void add(StoreMetrics.Request request) {
    requests.increment();
    failures.add(request.failure() == null ? 0 : 1);
    retries.add(request.retries());
    keys.add(request.keys());
    bytes.add(request.bytes());
    nanos.add(request.nanos());
    readUnits.add(request.readUnits());
    writeUnits.add(request.writeUnits());
    computedUnits.add(request.computed() ? request.readUnits() + request.writeUnits() : 0);
  }

  /** Passes the name and the supplier of each sum to the consumer. */
  void forEach(BiConsumer<String, Supplier<Number>> sums) {
    Map.<String, Supplier<Number>>of(
            DimMetrics.REQUESTS, requests::sum,
            DimMetrics.FAILURES, failures::sum,
            DimMetrics.RETRIES, retries::sum,
            DimMetrics.KEYS, keys::sum,
            DimMetrics.BYTES, bytes::sum,
            DimMetrics.NANOS, nanos::sum,
            DimMetrics.READ_UNITS, readUnits::sum,
            DimMetrics.WRITE_UNITS, writeUnits::sum,
            DimMetrics.COMPUTED_UNITS, computedUnits::sum)
        .forEach(sums);
  }
}
