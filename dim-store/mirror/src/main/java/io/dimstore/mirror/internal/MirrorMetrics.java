// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.StoreMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The counts and gauges of the mirror itself. Those of its two stores are reported too, with {@code
 * from.} or {@code to.} in front of their names.
 */
public final class MirrorMetrics {

  private static final List<StoreMetric> ALL = declare();

  private MirrorMetrics() {}

  public static List<StoreMetric> all() {
    return ALL;
  }

  /** Returns the name that counts the keys that two stores answered differently in this way. */
  static String shadow(Difference.Kind kind) {
    return "shadow." + kind.name().toLowerCase(Locale.ROOT);
  }

  private static List<StoreMetric> declare() {
    List<StoreMetric> all = new ArrayList<>();
    for (String name :
        List.of(
            "reads.other",
            "reads.fallback",
            "intents.stored",
            "intents.unknown",
            "intents.unknown-refused",
            "reconcile.copied",
            "reconcile.failed",
            "shadow.equal",
            "shadow.in-flight",
            "shadow.dropped",
            "shadow.failed",
            "shadow.unpublished")) {
      all.add(StoreMetric.count(name));
    }
    for (Difference.Kind kind : Difference.Kind.values()) {
      all.add(StoreMetric.count(shadow(kind)));
    }
    all.add(StoreMetric.gaugeOfTable("intents.keys"));
    all.add(StoreMetric.gaugeOfTable("intents.oldest.ms"));
    return List.copyOf(all);
  }
}
