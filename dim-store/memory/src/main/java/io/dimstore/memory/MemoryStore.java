// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.spi.support.DirectCalls;
import io.dimstore.spi.support.TableOptions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store opened on an instance. It has its own admission, clock and metrics, and shares the tables
 * of the instance.
 */
final class MemoryStore implements DimensionStore {

  private final ConcurrentMap<String, TableData> tables;
  private final Set<StoreOption<?>> options;
  private final StoreMetrics metrics;
  private final long retentionMillis;
  private final Admission admission;
  private final DirectCalls calls;
  private final MemoryRecords records;

  MemoryStore(
      StoreConfig config, Set<StoreOption<?>> options, StoreMetrics metrics, InstantSource clock) {
    this.tables = MemoryStores.tables(config.get(MemoryStoreFactory.INSTANCE));
    this.options = options;
    this.metrics = metrics;
    this.retentionMillis = config.get(CommonOptions.TOMBSTONE_RETENTION).toMillis();
    this.admission = Admission.of(MemoryStoreFactory.ID, config);
    this.calls = new DirectCalls(MemoryStoreFactory.ID, admission, metrics, clock);
    this.records =
        new MemoryRecords(MemoryStores.records(config.get(MemoryStoreFactory.INSTANCE)), calls);
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    checkOptions(spec);
    return new MemoryTable(spec, () -> existing(spec), calls, metrics, retentionMillis);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return run(
        () -> {
          boolean followed = checkOptions(spec).get(MemoryStoreFactory.CHANGE_FEED);
          tables.computeIfAbsent(spec.name(), name -> new TableData(spec, followed));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return run(
        () -> {
          boolean followed = checkOptions(spec).get(MemoryStoreFactory.CHANGE_FEED);
          TableData data = existing(spec);
          data.requireFits(spec);
          if (followed && data.log() == null) {
            throw StoreException.invalid(MemoryTable.notFollowed(spec));
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Void> ping() {
    return run(() -> null);
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == SharedRecords.class
        ? Optional.of(type.cast(records))
        : DimensionStore.super.capability(type);
  }

  @Override
  public void close() {
    admission.close();
  }

  private CompletionStage<Void> run(Supplier<@Nullable Void> work) {
    return admission.admit(1, deadline -> CompletableFuture.completedFuture(work.get()));
  }

  private StoreConfig checkOptions(TableSpec spec) {
    return TableOptions.of(MemoryStoreFactory.ID, options, spec);
  }

  private TableData existing(TableSpec spec) {
    TableData data = tables.get(spec.name());
    if (data == null) {
      throw new StoreException(
          StoreException.Kind.NO_TABLE,
          "Store 'memory' has no table '" + spec.name() + "': create it first");
    }
    return data;
  }
}
