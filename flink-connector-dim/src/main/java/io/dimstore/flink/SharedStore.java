package io.dimstore.flink;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Projection;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * A store that all tasks of a process with the same options share, with its threads and the
 * batchers of its tables. It is opened by its first user and closed by its last.
 *
 * <p>At most one store of an identity is open or closing at any time. Users of the same identity
 * wait for one another; users of other identities never do, however slow a store is to open or to
 * close.
 */
final class SharedStore {

  /** How long a user waits for the end of an earlier store of the same identity. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(1);

  /** Guards itself and the users of its values. It is held for operations of the map alone. */
  private static final Map<Identity, Slot> OPEN = new HashMap<>();

  /** Stores are shared among what sees the same classes and says the same. */
  private record Identity(StoreRef ref, ClassLoader classLoader) {}

  private record BatcherIdentity(
      TableSpec spec, Projection columns, DimTable.LookupSettings settings, Duration retry) {}

  private record Prepared(TableSpec spec, boolean create) {}

  /** The place of one store, from before it is opened until it is closed. */
  private static final class Slot {
    private final CompletableFuture<SharedStore> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int users = 1;

    /** Whether the opening thread was interrupted, which says nothing about the store. */
    private volatile boolean interrupted;
  }

  private final StoreMeter meter;
  private final DimensionStore store;
  private final StoreThreads threads;
  private final ConcurrentMap<BatcherIdentity, LookupBatcher> batchers = new ConcurrentHashMap<>();
  private final ConcurrentMap<Prepared, CompletableFuture<Void>> prepared =
      new ConcurrentHashMap<>();

  private SharedStore(Identity identity) {
    String id = identity.ref().id();
    this.meter = new StoreMeter(id);
    this.store = DimensionStores.open(id, identity.ref().options(), meter, InstantSource.system());
    this.threads = new StoreThreads(id, identity.classLoader());
  }

  /**
   * Takes part in a store, opening it if need be, for the thread's context class loader.
   *
   * @param group where the store's figures are shown
   * @throws IllegalStateException if the thread is interrupted while it waits, or an earlier store
   *     of the same options does not end
   */
  static Lease lease(StoreRef ref, MetricGroup group) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    Identity identity =
        new Identity(ref, context == null ? SharedStore.class.getClassLoader() : context);
    while (true) {
      Slot slot;
      boolean mine = false;
      boolean ending = false;
      synchronized (OPEN) {
        slot = OPEN.get(identity);
        if (slot == null) {
          slot = new Slot();
          OPEN.put(identity, slot);
          mine = true;
        } else if (slot.users == 0) {
          ending = true;
        } else {
          slot.users++;
        }
      }
      if (ending) {
        awaitClosed(identity, slot);
        continue;
      }
      SharedStore shared = mine ? open(identity, slot) : awaitOpened(identity, slot);
      if (shared != null) {
        return join(identity, slot, shared, group);
      }
    }
  }

  private static Lease join(Identity identity, Slot slot, SharedStore shared, MetricGroup group) {
    try {
      return new Lease(identity, slot, shared, shared.meter.join(group));
    } catch (Throwable e) {
      release(identity, slot);
      throw e;
    }
  }

  private static SharedStore open(Identity identity, Slot slot) {
    try {
      SharedStore shared = new SharedStore(identity);
      slot.opened.complete(shared);
      return shared;
    } catch (Throwable e) {
      slot.interrupted = Thread.currentThread().isInterrupted();
      remove(identity, slot);
      slot.opened.completeExceptionally(e);
      throw e;
    }
  }

  /** The store that another user opens, or null if that user was interrupted: try again. */
  private static @Nullable SharedStore awaitOpened(Identity identity, Slot slot) {
    try {
      return slot.opened.get();
    } catch (InterruptedException e) {
      release(identity, slot);
      throw interrupted("opened", identity);
    } catch (ExecutionException e) {
      if (slot.interrupted) {
        return null;
      }
      StoreException known = StoreException.find(e);
      if (known != null) {
        throw known;
      }
      throw new IllegalStateException(
          "Another task failed to open " + identity.ref(), e.getCause());
    }
  }

  private static void awaitClosed(Identity identity, Slot slot) {
    try {
      slot.closed.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted("closed", identity);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "An earlier user of "
              + identity.ref()
              + " has been closing it for "
              + CLOSE_TIMEOUT.toSeconds()
              + " s, and one process has one such store. Remedy: restart the process if the store"
              + " never ends.",
          e);
    }
  }

  private static IllegalStateException interrupted(String awaited, Identity identity) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(
        "Interrupted before " + identity.ref() + " was " + awaited + " by another task");
  }

  /** How many stores are open in this process, or are being opened or closed. */
  static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  /** Gives a part back. The last user closes the store, and waits for it alone. */
  private static void release(Identity identity, Slot slot) {
    synchronized (OPEN) {
      if (--slot.users > 0) {
        return;
      }
    }
    try {
      SharedStore shared = slot.opened.isCompletedExceptionally() ? null : slot.opened.join();
      if (shared != null) {
        shared.end();
      }
    } finally {
      remove(identity, slot);
    }
  }

  private static void remove(Identity identity, Slot slot) {
    synchronized (OPEN) {
      OPEN.remove(identity, slot);
    }
    slot.closed.complete(null);
  }

  private void end() {
    batchers.values().forEach(LookupBatcher::close);
    try {
      store.close();
    } finally {
      threads.close();
    }
  }

  /** One user's part in a store. Thread-safe; closing is idempotent. */
  static final class Lease implements AutoCloseable {

    private final Identity identity;
    private final Slot slot;
    private final SharedStore shared;
    private final StoreMeter.User user;
    private final List<SharedBudget.Part> parts = new ArrayList<>();
    private boolean closed;

    private Lease(Identity identity, Slot slot, SharedStore shared, StoreMeter.User user) {
      this.identity = identity;
      this.slot = slot;
      this.shared = shared;
      this.user = user;
    }

    DimensionStore store() {
      return shared.store;
    }

    /** The store's threads. */
    StoreThreads threads() {
      return shared.threads;
    }

    /** Requests that are sent again by the store's timer. */
    Retry retry(Duration timeout) {
      return new Retry(shared.threads.timer(), timeout);
    }

    /**
     * Waits until the table is there and fits, creating it if asked; once per process and table.
     *
     * @throws IOException saying which table, what is wrong and the remedy
     */
    void prepare(DimTable table, boolean create) throws IOException {
      Prepared key = new Prepared(table.layout().spec(), create);
      CompletableFuture<Void> mine = new CompletableFuture<>();
      CompletableFuture<Void> ready =
          shared.prepared.compute(
              key,
              (ignored, earlier) ->
                  earlier == null || earlier.isCompletedExceptionally() ? mine : earlier);
      if (ready == mine) {
        retry(table.retryTimeout())
            .run(() -> check(key))
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    mine.complete(null);
                  } else {
                    mine.completeExceptionally(failure);
                  }
                });
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
      return shared.batchers.computeIfAbsent(
          new BatcherIdentity(spec, columns, table.lookup(), table.retryTimeout()),
          ignored ->
              new LookupBatcher(
                  shared.store.table(spec),
                  columns,
                  table.lookup().batchSize(),
                  table.lookup().linger(),
                  table.retryTimeout(),
                  shared.threads.timer(),
                  shared.threads.workers()));
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
      try {
        shared.meter.leave(user);
      } finally {
        release(identity, slot);
      }
    }
  }
}
