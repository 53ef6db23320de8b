// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Creates memory stores that fail as many of the next calls as a test requests. */
public final class FaultyStoreFactory implements DimensionStoreFactory {

  static final AtomicInteger FAILURES = new AtomicInteger();
  public static final Map<SharedBudget.Use, List<Double>> PARTS = new ConcurrentHashMap<>();
  public static final AtomicInteger LEFT = new AtomicInteger();
  static volatile StoreException.Kind kind = StoreException.Kind.UNAVAILABLE;

  /** How reads are answered. A test that sets this field resets it afterwards. */
  public static volatile Reads reads = Reads.AS_STORED;

  /** How writes are answered. A test that sets this field resets it afterwards. */
  public static volatile Writes writes = Writes.AS_STORED;

  /** Answers writes instead of the store. */
  @FunctionalInterface
  public interface Writes {
    Writes AS_STORED = (changes, stored) -> stored.get();

    CompletionStage<Void> write(List<Change> changes, Supplier<CompletionStage<Void>> stored);
  }

  /** Texts of keys whose rows scans report as unreadable. */
  public static volatile Set<Object> unreadable = Set.of();

  /** Whether scans of key ranges read just the range. A test that clears this sets it again. */
  public static volatile boolean bounded = true;

  /** Called when a store is opened, and again after a store was closed. */
  public static volatile Runnable onOpen = () -> {};

  public static volatile Runnable onClose = () -> {};

  /** Answers reads instead of the store. */
  @FunctionalInterface
  public interface Reads {
    Reads AS_STORED = (keys, stored) -> stored.get();

    CompletionStage<List<Put>> get(List<Key> keys, Supplier<CompletionStage<List<Put>>> stored);
  }

  private static final StoreOption<String> PASSWORD = StoreOption.secret("password", "A secret.");
  private static final StoreOption<String> PIN = StoreOption.secret("pin", "Another.");

  private final MemoryStoreFactory memory = new MemoryStoreFactory();

  private static volatile Set<Key> refused = Set.of();

  /**
   * Makes the store refuse writes of these keys, like a store that cannot hold them. Without
   * arguments, no key is refused.
   */
  public static void refuse(String... keys) {
    refused = Arrays.stream(keys).map(Key::of).collect(Collectors.toSet());
  }

  /** The number of writes that were refused since {@link #refuseRows}. */
  public static final AtomicInteger REFUSALS = new AtomicInteger();

  private static volatile Predicate<Row> refusedRows = row -> false;

  /** Makes the store refuse these rows, as if they were too large. */
  public static void refuseRows(Predicate<Row> rows) {
    REFUSALS.set(0);
    refusedRows = rows;
  }

  private static boolean isRefused(Change change) {
    return refused.contains(change.key())
        || (change instanceof Put put && refusedRows.test(put.row()));
  }

  public static void failNext(int calls, StoreException.Kind with) {
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
    onOpen.run();
    DimensionStore store = memory.open(config, metrics, clock);
    return new DelegatingStore(store, FaultyStoreFactory::faulty) {
      @Override
      public void close() {
        super.close();
        onClose.run();
      }
    };
  }

  private static DimensionTable faulty(DimensionTable table) {
    return new Budgeted() {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return orFail(() -> reads.get(keys, () -> table.get(keys, columns)));
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        List<Key> invalid =
            changes.stream()
                .filter(FaultyStoreFactory::isRefused)
                .map(Change::key)
                .limit(1)
                .toList();
        REFUSALS.addAndGet(invalid.size());
        return invalid.isEmpty()
            ? orFail(() -> writes.write(changes, () -> table.write(changes)))
            : CompletableFuture.failedFuture(StoreException.invalid("no such key", invalid));
      }

      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return orFail(() -> table.splits(desired, options));
      }

      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return orFail(
            () -> table.scan(split, maxEntries).thenApply(FaultyStoreFactory::withUnreadable));
      }
    };
  }

  private static ScanPage withUnreadable(ScanPage page) {
    List<Change> changes = new ArrayList<>();
    List<UnreadableRow> rows = new ArrayList<>();
    for (Change change : page.changes()) {
      if (unreadable.contains(change.key().get(0))) {
        rows.add(new UnreadableRow(change.key(), "made to be unreadable"));
      } else {
        changes.add(change);
      }
    }
    return new ScanPage(changes, rows, page.remaining());
  }

  /** A table that records which parts of its budget are in use. */
  private abstract static class Budgeted implements DimensionTable, SharedBudget, BoundedScans {
    @Override
    public boolean isBounded(ScanOptions options) {
      return bounded;
    }

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
