// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.oracle.FeatureRows;
import io.dimstore.bench.compare.oracle.FeatureRows.Arrived;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.measure.LatencyHistogram;
import io.dimstore.events.record.Event;
import java.util.List;

/** Computes the latency percentiles of the events that are sent at a fixed rate. */
public final class FeatureLatency {

  private FeatureLatency() {}

  /**
   * Computes percentiles of the latency: the time from an event's scheduled send time until the
   * later of its two features arrives in Kafka. The broker truncates arrival times to milliseconds.
   * A latency can therefore be up to one millisecond too short. It is never below 0.
   */
  public static Results.LatencyMillis of(
      List<Encoded> events, double[] scheduledMillis, FeatureRows risk, FeatureRows marketing) {
    LatencyHistogram latencies = new LatencyHistogram();
    for (int i = 0; i < scheduledMillis.length; i++) {
      String id = ((Event) events.get(i).record()).eventId();
      Arrived a = risk.byEvent().get(id);
      Arrived b = marketing.byEvent().get(id);
      if (a != null && b != null) {
        latencies.add(scheduledMillis[i], (double) Math.max(a.atMillis(), b.atMillis()));
      }
    }
    return new Results.LatencyMillis(
        latencies.percentileMillis(50),
        latencies.percentileMillis(95),
        latencies.percentileMillis(99));
  }
}
