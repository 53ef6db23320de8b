// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.compare.run.HBaseMeter;
import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.job.BlockFeed;
import io.dimstore.bench.measure.ThreadUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An arm whose job runs, and what its blocks took. Not thread-safe. */
final class MeasuredLookup {

  private static final ThreadUsage USAGE = new ThreadUsage();

  private final LookupArm arm;
  private final BlockFeed feed;
  private final List<Double> eventsPerSecond = new ArrayList<>();
  private @Nullable Double countedPerEvent;
  private int eventsPerBlock;
  private long events;
  private double cpuNanos;
  private double allocatedBytes;
  private double requests;

  /** Takes over the job of an arm. */
  MeasuredLookup(LookupArm arm, BlockFeed feed) {
    this.arm = arm;
    this.feed = feed;
  }

  String id() {
    return arm.id();
  }

  void setEventsPerBlock(int events) {
    eventsPerBlock = events;
  }

  int eventsPerBlock() {
    return eventsPerBlock;
  }

  /** Runs a block, and returns how many events were joined in a second. */
  double run(int[] keys) {
    long begin = System.nanoTime();
    feed.run(arm.id(), keys);
    return keys.length * 1e9 / (System.nanoTime() - begin);
  }

  /** Does the same and measures it. */
  double measure(int[] keys) {
    double requestsBefore = arm.requests();
    ThreadUsage.Usage before = USAGE.read();
    double perSecond = run(keys);
    ThreadUsage.Usage after = USAGE.read();
    requests += arm.requests() - requestsBefore;
    cpuNanos += steady(after) - steady(before);
    allocatedBytes += after.allocatedBytes() - before.allocatedBytes();
    events += keys.length;
    eventsPerSecond.add(perSecond);
    return perSecond;
  }

  /**
   * Runs a block and counts its requests at the region servers, for an arm that does not count them
   * itself. No other program may use the table meanwhile.
   */
  void countRequests(int[] keys, HBaseMeter meter) {
    long before = meter.requests();
    run(keys);
    countedPerEvent = (double) (meter.requests() - before) / keys.length;
  }

  private static double steady(ThreadUsage.Usage usage) {
    double sum = 0;
    for (Map.Entry<String, Long> group : usage.cpuNanos().entrySet()) {
      if (!group.getKey().equals(ThreadUsage.JIT)) {
        sum += group.getValue();
      }
    }
    return sum;
  }

  List<Double> eventsPerSecond() {
    return eventsPerSecond;
  }

  double cpuMicrosPerEvent() {
    return cpuNanos / 1e3 / events;
  }

  double allocatedBytesPerEvent() {
    return allocatedBytes / events;
  }

  double requestsPerEvent() {
    return countedPerEvent != null ? countedPerEvent : requests / events;
  }

  long wrong() {
    return feed.wrong();
  }

  @Nullable String firstWrong() {
    return feed.firstWrong();
  }
}
