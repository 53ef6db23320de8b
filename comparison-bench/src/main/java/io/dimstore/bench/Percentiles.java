package io.dimstore.bench;

import io.dimstore.bench.FeatureRows.Arrived;
import io.dimstore.bench.InputData.Encoded;
import io.dimstore.events.Event;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Latencies of the paced part. */
final class Percentiles {

  private Percentiles() {}

  /**
   * From each event's intended send time to the arrival of the later of its two features in Kafka.
   * The broker stamps in whole milliseconds, cut off, so a latency may come out up to one
   * millisecond short and never below 0.
   */
  static Results.LatencyMillis of(
      List<Encoded> events, double[] intendedMillis, FeatureRows risk, FeatureRows marketing) {
    Histogram micros = new Histogram(3_600_000_000L, 3);
    for (int i = 0; i < intendedMillis.length; i++) {
      String id = ((Event) events.get(i).record()).eventId();
      Arrived a = risk.byEvent().get(id);
      Arrived b = marketing.byEvent().get(id);
      if (a == null || b == null) {
        continue;
      }
      double millis = Math.max(a.atMillis(), b.atMillis()) - intendedMillis[i];
      micros.recordValue(Math.max(0, (long) (millis * 1_000)));
    }
    return new Results.LatencyMillis(
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(95) / 1e3,
        micros.getValueAtPercentile(99) / 1e3);
  }
}
