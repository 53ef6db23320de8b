// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.spi.StoreMetrics;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the requests and events that a store reports. A block uses the counts to check that the
 * store did the work that is measured.
 */
public final class RequestCounts implements StoreMetrics {

  private static final String WRITE_MILLI_UNITS = "writeMilliUnits";

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  @Override
  public void request(Request request) {
    add("requests." + request.server(), 1);
    add(WRITE_MILLI_UNITS, Math.round(request.writeUnits() * 1_000));
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

  /** Sets all counts to 0. The names that were reported so far stay known. */
  public void clear() {
    counts.values().forEach(LongAdder::reset);
  }

  /**
   * Returns how often an event was reported since the last {@link #clear}. The name {@code
   * requests.<server>} returns the number of requests to a server.
   */
  public long of(String name) {
    LongAdder count = counts.get(name);
    return count == null ? 0 : count.sum();
  }

  /** Returns the write capacity units that the server billed since the last {@link #clear}. */
  public long writeUnits() {
    return of(WRITE_MILLI_UNITS) / 1_000;
  }

  /**
   * Fails unless an event was reported exactly the expected number of times and no request failed.
   * The store must have reported the event before, at least with a count of 0, so that a misspelled
   * name is not taken for an event that never happened.
   *
   * @throws BenchException if not; its message contains all counts
   */
  public void require(String what, String name, long expected) {
    if (!counts.containsKey(name)) {
      throw new BenchException(
          what
              + ": the store reports no "
              + name
              + "; it reports "
              + new TreeSet<>(counts.keySet()));
    }
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
