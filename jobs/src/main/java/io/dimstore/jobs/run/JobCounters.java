// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one operator. Each is both an accumulator, for the job's result, and a metric,
 * for reporters while the job runs. The counts are part of the checkpoints, so a record that is
 * read again after a restart is counted once. Not thread-safe.
 */
public final class JobCounters {

  private final RuntimeContext context;
  private final String prefix;
  private final Map<String, LongCounter> counters = new LinkedHashMap<>();
  private @Nullable ListState<Map<String, Long>> saved;

  /**
   * Creates no counter yet.
   *
   * @param prefix comes before each name in the names of the accumulators, with a dot between
   */
  public JobCounters(RuntimeContext context, String prefix) {
    this.context = context;
    this.prefix = prefix;
  }

  /** Returns the count of an accumulator among those of a job; 0 if it has none of this name. */
  public static long count(String prefix, String name, Map<String, ?> accumulators) {
    return accumulators.get(accumulator(prefix, name)) instanceof Long count ? count : 0;
  }

  private static String accumulator(String prefix, String name) {
    return prefix + "." + name;
  }

  /** Adds a counter, whose metric is in this group. */
  public void declare(String name, MetricGroup group) {
    LongCounter counter = new LongCounter();
    context.addAccumulator(accumulator(prefix, name), counter);
    group.counter(name, new Metric(counter));
    counters.put(name, counter);
  }

  /** Adds the counts of the checkpoint to the counters, all of which have been declared. */
  public void restore(OperatorStateStore store) throws Exception {
    ListState<Map<String, Long>> state =
        store.getListState(
            new ListStateDescriptor<>("counts", Types.MAP(Types.STRING, Types.LONG)));
    for (Map<String, Long> before : state.get()) {
      before.forEach(this::add);
    }
    saved = state;
  }

  /** Adds the present counts to a checkpoint. */
  public void save() throws Exception {
    if (saved == null) {
      throw new IllegalStateException("not restored");
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    counters.forEach((name, counter) -> counts.put(name, counter.getLocalValuePrimitive()));
    saved.update(List.of(counts));
  }

  /** Adds 1 to a counter. */
  public void increment(String name) {
    add(name, 1);
  }

  private void add(String name, long count) {
    LongCounter counter = counters.get(name);
    if (counter != null) { // null: a counter that only another version of the job has
      counter.add(count);
    }
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
