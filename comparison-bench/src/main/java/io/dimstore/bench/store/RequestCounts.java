package io.dimstore.bench.store;

import io.dimstore.spi.StoreMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a store says it does, to see that its blocks did the work they stand for. */
final class RequestCounts implements StoreMetrics {

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  @Override
  public void request(Request request) {
    add("requests." + request.server(), 1);
    if (request.failure() != null || request.retries() > 0) {
      add("failed", 1);
    }
  }

  @Override
  public void count(String name, long delta) {
    add(name, delta);
  }

  private void add(String name, long delta) {
    LongAdder count = counts.get(name);
    if (count == null) {
      count = counts.computeIfAbsent(name, key -> new LongAdder());
    }
    count.add(delta);
  }

  void clear() {
    counts.clear();
  }

  /** How often since the last {@link #clear}; {@code requests.<server>} counts requests. */
  long of(String name) {
    LongAdder count = counts.get(name);
    return count == null ? 0 : count.sum();
  }

  /**
   * Fails unless something happened exactly so often.
   *
   * @throws BenchException naming what happened instead
   */
  void require(String what, String name, long expected) {
    if (of(name) != expected || of("failed") > 0) {
      throw new BenchException(
          what
              + ": the store did other work than is measured: "
              + name
              + " should be "
              + expected
              + " in "
              + counts);
    }
  }
}
