// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

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
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * Creates memory stores that report each metric that is documented of any store. Their scans never
 * return a page, so that a job with a scan does not end.
 */
public final class DocumentedStoreFactory implements DimensionStoreFactory {

  /** Open until a scan has begun. */
  public static final CountDownLatch SCAN = new CountDownLatch(1);

  private final MemoryStoreFactory memory = new MemoryStoreFactory();

  @Override
  public String id() {
    return "documented";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return memory.options();
  }

  @Override
  public List<StoreMetric> metrics() {
    return DocumentedMetrics.read().ofStores;
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    for (StoreMetric metric : metrics()) {
      switch (metric.kind()) {
        case COUNT -> {
          // Its connector shows the declared counts from the start.
        }
        case GAUGE -> {
          if (metric.ofTable()) {
            metrics.gauge(metric.name(), "users", 1);
          } else {
            metrics.gauge(metric.name(), 1);
          }
        }
        case NOTE -> metrics.note(metric.name() + ".users", "text");
      }
    }
    return new DelegatingStore(
        memory.open(config, metrics, clock), DocumentedStoreFactory::withoutPages);
  }

  private static DimensionTable withoutPages(DimensionTable table) {
    return new DimensionTable() {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return table.get(keys, columns);
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
        SCAN.countDown();
        return new CompletableFuture<>();
      }
    };
  }
}
