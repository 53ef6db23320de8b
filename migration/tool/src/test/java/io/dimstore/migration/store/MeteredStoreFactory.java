// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** The store {@code metered}: tables in memory, whose requests consume units as a service bills. */
public final class MeteredStoreFactory implements DimensionStoreFactory {

  /** Read units that a lookup of one key consumes. */
  public static final double READ_UNITS = 0.5;

  /** Write units that a write of one row consumes. */
  public static final double WRITE_UNITS = 1;

  /** Size of every item. */
  public static final int ITEM_BYTES = 100;

  private final MemoryStoreFactory memory = new MemoryStoreFactory();

  @Override
  public String id() {
    return "metered";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return memory.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new DelegatingStore(
        memory.open(config, request -> metrics.request(billed(request)), clock), SizedTable::new);
  }

  private static StoreMetrics.Request billed(StoreMetrics.Request request) {
    return new StoreMetrics.Request(
        "metered",
        request.operation(),
        request.keys(),
        request.bytes(),
        request.nanos(),
        request.retries(),
        request.operation() == Operation.GET ? READ_UNITS * request.keys() : 0,
        request.operation() == Operation.WRITE ? WRITE_UNITS * request.keys() : 0,
        request.failure());
  }

  private static final class SizedTable extends TableProxy implements Sizing {

    SizedTable(DimensionTable inner) {
      super(inner);
    }

    @Override
    public Size sizeOf(Change change) {
      return new Size(ITEM_BYTES, READ_UNITS, WRITE_UNITS);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return type == Sizing.class ? Optional.of(type.cast(this)) : inner.capability(type);
    }
  }
}
