// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.records.ChangeReason;
import io.dimstore.jobs.sql.Dimension;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * The counters of one parser. Each is both an accumulator, for the job's result, and a metric, for
 * reporters while the job runs.
 */
final class ChangeCounters {

  private final Map<String, LongCounter> counters = new LinkedHashMap<>();

  ChangeCounters(RuntimeContext context, Dimension dimension) {
    MetricGroup metrics = context.getMetricGroup().addGroup("dimension", dimension.name());
    add(context, dimension, metrics, ChangeCounts.READ);
    add(context, dimension, metrics, ChangeCounts.UPSERTS);
    add(context, dimension, metrics, ChangeCounts.DELETES);
    MetricGroup letters = metrics.addGroup("deadLetters");
    for (ChangeReason reason : ChangeReason.values()) {
      add(context, dimension, letters, reason.code());
    }
  }

  private void add(RuntimeContext context, Dimension dimension, MetricGroup metrics, String name) {
    LongCounter counter = new LongCounter();
    context.addAccumulator(ChangeCounts.accumulator(dimension, name), counter);
    metrics.counter(name, new Metric(counter));
    counters.put(name, counter);
  }

  void add(String name, long count) {
    LongCounter counter = counters.get(name);
    if (counter != null) { // null: a reason that only another version of the job has
      counter.add(count);
    }
  }

  Map<String, Long> snapshot() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counters.forEach((name, counter) -> counts.put(name, counter.getLocalValuePrimitive()));
    return counts;
  }

  private record Metric(LongCounter counter) implements Counter {

    @Override
    public void inc() {
      counter.add(1);
    }

    @Override
    public void inc(long n) {
      counter.add(n);
    }

    @Override
    public void dec() {
      counter.add(-1);
    }

    @Override
    public void dec(long n) {
      counter.add(-n);
    }

    @Override
    public long getCount() {
      return counter.getLocalValuePrimitive();
    }
  }
}
