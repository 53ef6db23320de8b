// SPDX-License-Identifier: Apache-2.0
package com.example;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A store of this project's own, found by its name: {@code META-INF/services} registers it. It
 * keeps its tables like {@code memory}; a real one would speak to a server here.
 */
public final class CountingStoreFactory implements DimensionStoreFactory {

  private final DimensionStoreFactory tables = new MemoryStoreFactory();

  @Override
  public String id() {
    return "counting";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return tables.options();
  }

  /** What {@link CountingStore} reports, and what the tables report below it. */
  @Override
  public List<StoreMetric> metrics() {
    List<StoreMetric> all = new ArrayList<>(tables.metrics());
    all.add(StoreMetric.count("asked"));
    return all;
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new CountingStore(tables.open(config, metrics, clock), metrics);
  }
}
