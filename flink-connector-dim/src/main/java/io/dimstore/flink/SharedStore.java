package io.dimstore.flink;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Projection;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.MetricGroup;

/**
 * A store that all tasks of a process with the same options share, with the threads that end their
 * lookups and the batchers of its tables. Opened with its first user, closed with its last.
 */
final class SharedStore {

  private static final Map<Identity, SharedStore> OPEN = new HashMap<>();

  /** Stores are shared among what sees the same classes and says the same. */
  private record Identity(StoreRef ref, ClassLoader classLoader) {}

  private record BatcherIdentity(
      TableSpec spec, Projection columns, DimTable.LookupSettings settings, Duration retry) {}

  private record Prepared(TableSpec spec, boolean create) {}

  private final Identity identity;
  private final StoreMeter meter;
  private final DimensionStore store;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<BatcherIdentity, LookupBatcher> batchers = new HashMap<>();
  private final Map<Prepared, CompletableFuture<Void>> prepared = new HashMap<>();
  private int users;

  private SharedStore(Identity identity) {
    this.identity = identity;
    String id = identity.ref().id();
    this.meter = new StoreMeter(id);
    this.store = DimensionStores.open(id, identity.ref().options(), meter, InstantSource.system());
    AtomicInteger number = new AtomicInteger();
    int threads = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
    this.executor =
        new ScheduledThreadPoolExecutor(
            threads,
            task -> {
              Thread thread = new Thread(task, "dim-" + id + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(identity.classLoader());
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Takes part in a store, opening it if need be, for the thread's context class loader.
   *
   * @param group where the store's figures are shown
   */
  static Lease lease(StoreRef ref, MetricGroup group) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    Identity identity =
        new Identity(ref, context == null ? SharedStore.class.getClassLoader() : context);
    synchronized (OPEN) {
      SharedStore shared = OPEN.get(identity);
      if (shared == null) {
        shared = new SharedStore(identity);
        OPEN.put(identity, shared);
      }
      shared.users++;
      return new Lease(shared, shared.meter.join(group));
    }
  }

  /** How many stores are open in this process. */
  static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  private void release() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(identity);
      batchers.values().forEach(LookupBatcher::close);
      store.close();
      executor.shutdown();
    }
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** One user's part in a store. Thread-safe; closing is idempotent. */
  static final class Lease implements AutoCloseable {

    private final SharedStore shared;
    private final StoreMeter.User user;
    private final List<SharedBudget.Part> parts = new ArrayList<>();
    private boolean closed;

    private Lease(SharedStore shared, StoreMeter.User user) {
      this.shared = shared;
      this.user = user;
    }

    DimensionStore store() {
      return shared.store;
    }

    /** Requests that are sent again on the store's own threads. */
    Retry retry(Duration timeout) {
      return new Retry(shared.executor, timeout);
    }

    /**
     * Waits until the table is there and fits, creating it if asked; once per process and table.
     *
     * @throws IOException saying which table, what is wrong and the remedy
     */
    void prepare(DimTable table, boolean create) throws IOException {
      Prepared key = new Prepared(table.layout().spec(), create);
      CompletableFuture<Void> ready;
      synchronized (OPEN) {
        ready = shared.prepared.get(key);
        if (ready == null || ready.isCompletedExceptionally()) {
          ready = retry(table.retryTimeout()).run(() -> check(key));
          shared.prepared.put(key, ready);
        }
      }
      Failures.await(ready, "Opening " + table.describe());
    }

    private CompletionStage<Void> check(Prepared key) {
      return key.create()
          ? shared
              .store
              .createIfAbsent(key.spec())
              .thenCompose(created -> shared.store.validate(key.spec()))
          : shared.store.validate(key.spec());
    }

    /** Makes the user one of so many that share what the store's options allow the job to use. */
    synchronized void takePart(DimTable table, SharedBudget.Use use, int parallelism) {
      if (!closed && shared.store.table(table.layout().spec()) instanceof SharedBudget budget) {
        parts.add(budget.join(use, 1.0 / Math.max(1, parallelism)));
      }
    }

    /** The batcher of all lookups of the process that read the same columns of a table alike. */
    LookupBatcher batcher(DimTable table, Projection columns) {
      TableSpec spec = table.layout().spec();
      synchronized (OPEN) {
        return shared.batchers.computeIfAbsent(
            new BatcherIdentity(spec, columns, table.lookup(), table.retryTimeout()),
            ignored ->
                new LookupBatcher(
                    shared.store.table(spec),
                    columns,
                    table.lookup().batchSize(),
                    table.lookup().linger(),
                    table.retryTimeout(),
                    shared.executor));
      }
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        parts.forEach(SharedBudget.Part::close);
      }
      shared.meter.leave(user);
      shared.release();
    }
  }
}
