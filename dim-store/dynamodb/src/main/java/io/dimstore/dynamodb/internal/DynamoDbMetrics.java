// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import io.dimstore.dynamodb.internal.client.FailedAttempt;
import io.dimstore.spi.StoreMetric;
import java.util.ArrayList;
import java.util.List;

/** The counts, gauges and notes that the store reports. */
public final class DynamoDbMetrics {

  private static final List<StoreMetric> ALL = declare();

  private DynamoDbMetrics() {}

  public static List<StoreMetric> all() {
    return ALL;
  }

  private static List<StoreMetric> declare() {
    List<StoreMetric> all = new ArrayList<>();
    FailedAttempt.allReasons().forEach(reason -> all.add(StoreMetric.count(reason)));
    for (String name :
        List.of(
            "unprocessed",
            "superseded",
            "clock.jump",
            "read-cache.hit",
            "read-cache.miss",
            "read-cache.gaps",
            "read-cache.unreadable")) {
      all.add(StoreMetric.count(name));
    }
    all.add(StoreMetric.gauge("clock.skew.ms"));
    all.add(StoreMetric.gaugeOfTable("read-cache.gap.ms"));
    all.add(StoreMetric.noteOfTable("read-cache.gap"));
    all.add(StoreMetric.gaugeOfTable("unsafe-time-to-live"));
    for (String use : List.of("read", "write")) {
      all.add(StoreMetric.gaugeOfTable("hot-keys." + use + ".hottest-percent"));
      all.add(StoreMetric.noteOfTable("hot-keys." + use));
    }
    return List.copyOf(all);
  }
}
