// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Sums over the requests of one kind to one server. Thread-safe. */
final class RequestCounters {

  private static final ConcurrentMap<String, RequestCounters> OF_PROCESS =
      new ConcurrentHashMap<>();

  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder keys = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final DoubleAdder readUnits = new DoubleAdder();
  private final DoubleAdder writeUnits = new DoubleAdder();
  private final DoubleAdder computedUnits = new DoubleAdder();

  /**
   * Returns the sums over all requests of this process that are counted under a name. {@link
   * DimMetrics} shows them.
   */
  static RequestCounters ofProcess(String name) {
    return OF_PROCESS.computeIfAbsent(
        name,
        ignored -> {
          RequestCounters counters = new RequestCounters();
          counters.forEach((metric, sum) -> MetricRegistry.addSum(name + "." + metric, sum));
          return counters;
        });
  }

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
