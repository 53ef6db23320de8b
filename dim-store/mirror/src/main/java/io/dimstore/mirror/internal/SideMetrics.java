// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.StoreMetrics;

/**
 * Reports what one side does. Requests are passed on unchanged, because they name their server; the
 * names of counters, gauges and notes get the side in front.
 */
record SideMetrics(String side, StoreMetrics metrics) implements StoreMetrics {

  @Override
  public void request(Request request) {
    metrics.request(request);
  }

  @Override
  public void count(String name, long delta) {
    metrics.count(side + "." + name, delta);
  }

  @Override
  public void gauge(String name, long value) {
    metrics.gauge(side + "." + name, value);
  }

  @Override
  public void gauge(String name, String table, long value) {
    metrics.gauge(side + "." + name, table, value);
  }

  @Override
  public void note(String name, String text) {
    metrics.note(side + "." + name, text);
  }
}
