// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.migration.store.TableProxy;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Opens the store {@code shared-memory}: the memory store, which says that other programs wrote the
 * rows whose keys begin with {@value #OTHER}, at the times of their versions.
 */
public final class SharedMemoryFactory implements DimensionStoreFactory {

  static final String OTHER = "other-";

  private final MemoryStoreFactory memory = new MemoryStoreFactory();

  @Override
  public String id() {
    return "shared-memory";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return memory.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new DelegatingStore(memory.open(config, metrics, clock), SharedTable::new);
  }

  private static final class SharedTable extends TableProxy implements ForeignWrites {

    SharedTable(DimensionTable inner) {
      super(inner);
    }

    @Override
    public CompletionStage<List<@Nullable Instant>> foreignWrites(List<Key> keys) {
      return inner
          .get(keys, Projection.of())
          .thenApply(
              rows -> {
                List<@Nullable Instant> times = new ArrayList<>();
                for (Put row : rows) {
                  boolean isForeign = row != null && ((String) row.key().get(0)).startsWith(OTHER);
                  times.add(isForeign ? Instant.ofEpochMilli(row.version()) : null);
                }
                return times;
              });
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return type == ForeignWrites.class ? Optional.of(type.cast(this)) : inner.capability(type);
    }
  }
}
