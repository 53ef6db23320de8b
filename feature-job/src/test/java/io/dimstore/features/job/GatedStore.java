// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The memory store behind a gate: while it is shut, reads wait. One gate for the whole JVM. */
public final class GatedStore implements DimensionStoreFactory {

  private static final MemoryStoreFactory MEMORY = new MemoryStoreFactory();
  private static final AtomicInteger WAITING = new AtomicInteger();
  private static volatile CompletableFuture<@Nullable Void> gate =
      CompletableFuture.completedFuture(null);

  static void shut() {
    WAITING.set(0);
    gate = new CompletableFuture<>();
  }

  static void open() {
    gate.complete(null);
  }

  /** Keys whose reads have come to the gate since it was shut. */
  static int waiting() {
    return WAITING.get();
  }

  @Override
  public String id() {
    return "gated";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return MEMORY.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new DelegatingStore(MEMORY.open(config, metrics, clock), Table::new);
  }

  private record Table(DimensionTable table) implements DimensionTable {

    @Override
    public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
      WAITING.addAndGet(keys.size());
      return gate.thenCompose(opened -> table.get(keys, columns));
    }

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      return table.write(changes);
    }

    @Override
    public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
      return table.splits(desired, options);
    }

    @Override
    public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
      return table.scan(split, maxEntries);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return table.capability(type);
    }
  }
}
