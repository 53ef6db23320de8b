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
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The memory store with failures: as many of the next calls as a test says fail so. */
public final class FaultyStoreFactory implements DimensionStoreFactory {

  static final AtomicInteger FAILURES = new AtomicInteger();
  static final Map<SharedBudget.Use, List<Double>> PARTS = new ConcurrentHashMap<>();
  static final AtomicInteger LEFT = new AtomicInteger();
  static volatile StoreException.Kind kind = StoreException.Kind.UNAVAILABLE;

  private static final StoreOption<String> PASSWORD = StoreOption.secret("password", "A secret.");
  private static final StoreOption<String> PIN = StoreOption.secret("pin", "Another.");

  private final MemoryStoreFactory memory = new MemoryStoreFactory();

  static void failNext(int calls, StoreException.Kind with) {
    kind = with;
    FAILURES.set(calls);
  }

  @Override
  public String id() {
    return "faulty";
  }

  @Override
  public Set<StoreOption<?>> options() {
    Set<StoreOption<?>> options = new HashSet<>(memory.options());
    options.add(PASSWORD);
    options.add(PIN);
    return options;
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    DimensionStore store = memory.open(config, metrics, clock);
    return new DimensionStore() {
      @Override
      public DimensionTable table(TableSpec spec) {
        return faulty(store.table(spec));
      }

      @Override
      public CompletionStage<Void> createIfAbsent(TableSpec spec) {
        return store.createIfAbsent(spec);
      }

      @Override
      public CompletionStage<Void> validate(TableSpec spec) {
        return store.validate(spec);
      }

      @Override
      public CompletionStage<Void> ping() {
        return store.ping();
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  private static DimensionTable faulty(DimensionTable table) {
    return new Budgeted() {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return orFail(() -> table.get(keys, columns));
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return orFail(() -> table.write(changes));
      }

      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return orFail(() -> table.splits(desired, options));
      }

      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return orFail(() -> table.scan(split, maxEntries));
      }
    };
  }

  /** A table that notes which parts of its budget are taken. */
  private abstract static class Budgeted implements DimensionTable, SharedBudget {
    @Override
    public Part join(Use use, double fraction) {
      PARTS.computeIfAbsent(use, ignored -> new CopyOnWriteArrayList<>()).add(fraction);
      LEFT.incrementAndGet();
      return LEFT::decrementAndGet;
    }
  }

  private static <T> CompletionStage<T> orFail(Supplier<CompletionStage<T>> call) {
    if (FAILURES.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      return CompletableFuture.failedFuture(new StoreException(kind, "made to fail"));
    }
    return call.get();
  }
}
