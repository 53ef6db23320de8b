// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Opens the store {@code recordless-memory}: the memory store, which keeps no shared records. */
public final class RecordlessMemoryFactory implements DimensionStoreFactory {

  private static final DimensionStoreFactory MEMORY = new MemoryStoreFactory();

  @Override
  public String id() {
    return "recordless-memory";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return MEMORY.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new DelegatingStore(MEMORY.open(config, metrics, clock), table -> table) {
      @Override
      public <T> Optional<T> capability(Class<T> type) {
        return Optional.empty();
      }
    };
  }
}
