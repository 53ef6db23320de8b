// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens the store {@code memory}. Stores opened with the same {@code instance} in one JVM share
 * their tables. The tables remain after a store is closed, so that one job can read what an earlier
 * job loaded. {@link MemoryStores#clear} removes them.
 */
public final class MemoryStoreFactory implements DimensionStoreFactory {

  static final String ID = "memory";

  static final StoreOption<String> INSTANCE =
      StoreOption.text(
          "instance",
          "default",
          "Which tables to use: stores of the same instance in one JVM share them, and they"
              + " outlive the stores.");

  static final StoreOption<Boolean> CHANGE_FEED =
      StoreOption.flag(
              "change-feed",
              false,
              "Whether a table that is created keeps its last 100,000 changes, so that they can be"
                  + " followed.")
          .perTable();

  private static final Set<StoreOption<?>> OPTIONS = options(INSTANCE, CHANGE_FEED);

  private static final List<StoreMetric> METRICS = List.of(StoreMetric.count("superseded"));

  /** Creates the factory; called by {@link java.util.ServiceLoader}. */
  public MemoryStoreFactory() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Set<StoreOption<?>> options() {
    return OPTIONS;
  }

  @Override
  public List<StoreMetric> metrics() {
    return METRICS;
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new MemoryStore(config, OPTIONS, metrics, clock);
  }

  private static Set<StoreOption<?>> options(StoreOption<?>... own) {
    Set<StoreOption<?>> all = new LinkedHashSet<>(CommonOptions.all());
    all.addAll(List.of(own));
    return Set.copyOf(all);
  }
}
