// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.spi.StoreMetrics;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Collects the gauges that a store reports. Thread-safe. */
final class Gauges implements StoreMetrics {

  private final Map<String, Long> values = new ConcurrentSkipListMap<>();

  @Override
  public void request(Request request) {}

  @Override
  public void gauge(String name, long value) {
    values.put(name, value);
  }

  Map<String, Long> values() {
    return Map.copyOf(values);
  }

  void print(String table, PrintWriter out) {
    values.forEach((name, value) -> out.println(table + ": " + name + " " + value));
  }
}
