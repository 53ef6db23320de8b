// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.internal.cache.CacheClock;
import io.dimstore.flink.internal.cache.CacheFollower;
import io.dimstore.flink.internal.cache.CacheSettings;
import io.dimstore.flink.internal.cache.TableCache;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * A store that is shared by all tasks of a process that have the same options. It includes the
 * store's threads, and the batchers and caches of its tables. The first user opens the store and
 * the last user closes it.
 *
 * <p>At most one store of an identity is open, opening or closing at any time. Users of the same
 * identity wait for one another. They never wait for users of other identities, however slow a
 * store is to open or close.
 */
public final class SharedStore {

  /** How long a user waits until an earlier store of the same identity is closed. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(1);

  /**
   * The stores by identity. The map's monitor guards the map and the users of its values. It is
   * held only for operations on the map.
   */
  private static final Map<Identity, Slot> OPEN = new HashMap<>();

  /** The identity by which stores are shared: the same options and the same class loader. */
  private record Identity(StoreRef ref, ClassLoader classLoader) {}

  private record BatcherIdentity(
      TableSpec spec, Projection columns, DimTable.LookupSettings settings, Duration retry) {}

  /** The identity by which a cache is shared: the same table, read with the same settings. */
  private record CacheIdentity(TableSpec spec, DimTable.LookupSettings settings, Duration retry) {}

  /** A cache, with the number of its users. The map of caches guards the number. */
  private static final class SharedCache {
    private final TableCache cache;
    private final @Nullable CacheFollower follower;
    private int users;

    private SharedCache(TableCache cache, @Nullable CacheFollower follower) {
      this.cache = cache;
      this.follower = follower;
    }

    private void close() {
      if (follower != null) {
        follower.close();
      }
      cache.close();
    }
  }

  private record TableCheck(TableSpec spec, boolean create) {}

  /** The entry of one store, from before it is opened until after it is closed. */
  private static final class Slot {
    private final CompletableFuture<SharedStore> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int users = 1;

    /**
     * Whether the opening thread was interrupted. In that case the failure does not mean that the
     * store is faulty.
     */
    private volatile boolean interrupted;
  }

  private final StoreMeter meter;
  private final DimensionStore store;
  private final StoreThreads threads;
  private final ConcurrentMap<BatcherIdentity, LookupBatcher> batchers = new ConcurrentHashMap<>();
  private final Map<CacheIdentity, SharedCache> caches = new HashMap<>();
  private final Set<String> notices = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<TableCheck, CompletableFuture<Void>> checks =
      new ConcurrentHashMap<>();

  private SharedStore(Identity identity) {
    String id = identity.ref().id();
    this.meter = new StoreMeter(id, declared(id));
    this.store = DimensionStores.open(id, identity.ref().options(), meter, InstantSource.system());
    this.threads = new StoreThreads(id, identity.classLoader());
  }

  private static List<StoreMetric> declared(String id) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return DimensionStores.factory(
            id, context == null ? SharedStore.class.getClassLoader() : context)
        .metrics();
  }

  /**
   * Acquires a lease on a store for the thread's context class loader. Opens the store if it is not
   * open.
   *
   * @param group the metric group in which the store's metrics are reported
   * @throws IllegalStateException if the thread is interrupted while it waits, or if an earlier
   *     store with the same options is not closed in time
   */
  public static Lease lease(StoreRef ref, MetricGroup group) {
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

  /**
   * Waits for the store that another user opens. Returns null if that user was interrupted and the
   * caller should try again.
   */
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
              + " s, and a process opens this store only once. Remedy: if closing never ends,"
              + " restart the process.",
          e);
    }
  }

  private static IllegalStateException interrupted(String awaited, Identity identity) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(
        "Interrupted before " + identity.ref() + " was " + awaited + " by another task");
  }

  /** Returns the number of stores in this process that are open, opening or closing. */
  public static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  /**
   * Releases a lease. The last user closes the store and is the only one that waits for it to
   * close.
   */
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

  /** Reads the rows of a cache in batches. */
  private record BatchedSource(LookupBatcher repeating, LookupBatcher once)
      implements TableCache.Source {

    @Override
    public CompletableFuture<@Nullable Put> read(Key key) {
      return repeating.get(key);
    }

    @Override
    public CompletableFuture<@Nullable Put> readOnce(Key key) {
      return once.get(key);
    }
  }

  /** One user's lease on a store. Thread-safe; closing is idempotent. */
  public static final class Lease implements AutoCloseable {

    private final Identity identity;
    private final Slot slot;
    private final SharedStore shared;
    private final StoreMeter.User user;
    private final List<SharedBudget.Part> parts = new ArrayList<>();
    private final List<CacheIdentity> cachesInUse = new ArrayList<>();
    private boolean closed;

    private Lease(Identity identity, Slot slot, SharedStore shared, StoreMeter.User user) {
      this.identity = identity;
      this.slot = slot;
      this.shared = shared;
      this.user = user;
    }

    public DimensionStore store() {
      return shared.store;
    }

    /** Returns the store's threads. */
    public StoreThreads threads() {
      return shared.threads;
    }

    /** Returns true at the first call with this text while the store is open. */
    public boolean isFirst(String notice) {
      return shared.notices.add(notice);
    }

    /** Returns a retry of requests about a table, which uses the store's timer. */
    public Retry retry(DimTable table) {
      return new Retry(
          shared.threads.timer(), table.retryTimeout(), shared.meter.table(table.layout().table()));
    }

    /**
     * Waits until the table exists and matches its declaration. Creates the table if {@code create}
     * is true. This is done once per process and table.
     *
     * @throws IOException naming the table, the problem and the remedy
     */
    public void prepare(DimTable table, boolean create) throws IOException {
      TableCheck key = new TableCheck(table.layout().spec(), create);
      CompletableFuture<Void> mine = new CompletableFuture<>();
      CompletableFuture<Void> ready =
          shared.checks.compute(
              key,
              (ignored, earlier) ->
                  earlier == null || earlier.isCompletedExceptionally() ? mine : earlier);
      if (ready == mine) {
        retry(table)
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
      ReportedFailures.await(ready, "Opening " + table.describe());
    }

    private CompletionStage<Void> check(TableCheck key) {
      return key.create()
          ? shared
              .store
              .createIfAbsent(key.spec())
              .thenCompose(created -> shared.store.validate(key.spec()))
          : shared.store.validate(key.spec());
    }

    /**
     * Registers this user as one of {@code parallelism} subtasks that share the budget that the
     * store's options allow the job.
     */
    public synchronized void takePart(DimTable table, SharedBudget.Use use, int parallelism) {
      if (!closed) {
        shared
            .store
            .table(table.layout().spec())
            .capability(SharedBudget.class)
            .ifPresent(budget -> parts.add(budget.join(use, 1.0 / Math.max(1, parallelism))));
      }
    }

    /**
     * Returns the batcher that is shared by all lookups of the process that read the same columns
     * of a table with the same settings.
     */
    public LookupBatcher batcher(DimTable table, Projection columns) {
      return batcher(table, columns, retry(table));
    }

    private LookupBatcher batcher(DimTable table, Projection columns, Retry retry) {
      TableSpec spec = table.layout().spec();
      return shared.batchers.computeIfAbsent(
          new BatcherIdentity(spec, columns, table.lookup(), retry.timeout()),
          ignored ->
              new LookupBatcher(
                  read(table, spec), columns, table.lookup(), retry, shared.threads.workers()));
    }

    private DimensionTable read(DimTable table, TableSpec spec) {
      DimensionTable stored = shared.store.table(spec);
      return table.lookup().insertIfAbsent()
          ? new InsertingTable(stored, table.layout().values().length)
          : stored;
    }

    /**
     * Returns the cache that is shared by all lookups of the process that read a table with the
     * same settings. It has all value columns of the table. The last lease that uses it closes it.
     * Waits until the cache has the whole table if it reads that first.
     *
     * @throws IOException naming the table and the problem, if the table could not be read
     */
    public TableCache cache(DimTable table) throws IOException {
      SharedCache used = use(table);
      if (used.follower != null) {
        ReportedFailures.await(
            used.follower.loaded(), "Reading " + table.describe() + " into the cache");
      }
      return used.cache;
    }

    private synchronized SharedCache use(DimTable table) {
      if (closed) {
        throw new IllegalStateException("The lease is closed");
      }
      CacheIdentity identity =
          new CacheIdentity(table.layout().spec(), table.lookup(), table.retryTimeout());
      boolean begins = false;
      SharedCache used;
      synchronized (shared.caches) {
        used = shared.caches.get(identity);
        if (used == null) {
          used = open(table);
          shared.caches.put(identity, used);
          begins = true;
        }
        used.users++;
      }
      cachesInUse.add(identity);
      if (begins && used.follower != null) {
        used.follower.begin();
      }
      return used;
    }

    private SharedCache open(DimTable table) {
      CacheSettings settings = Objects.requireNonNull(table.lookup().cache(), "no cache");
      DimensionTable stored = shared.store.table(table.layout().spec());
      Projection columns = Projection.all(table.layout().values().length);
      Retry retry = retry(table);
      Retry once = new Retry(retry.timer(), Duration.ZERO, retry.counters());
      TableCache cache =
          new TableCache(
              settings,
              new BatchedSource(batcher(table, columns), batcher(table, columns, once)),
              CacheClock.SYSTEM,
              retry.counters());
      ChangeFeed feed =
          settings.following().enabled() ? stored.capability(ChangeFeed.class).orElse(null) : null;
      if (feed == null && settings.full()) {
        throw StoreException.invalid(
            "'lookup.cache' of "
                + table.describe()
                + " is FULL, but the store has no feed of the table's changes that could keep the"
                + " cache up to date. Remedy: set 'lookup.cache' = 'PARTIAL'.");
      }
      PagedScan scan =
          settings.full()
              ? new PagedScan(
                  stored, columns, table.scan().pageSize(), retry, shared.threads.follower())
              : null;
      return new SharedCache(
          cache,
          feed == null
              ? null
              : new CacheFollower(table.describe(), cache, feed, scan, shared.threads.follower()));
    }

    private void leave(CacheIdentity identity) {
      SharedCache left;
      synchronized (shared.caches) {
        left = Objects.requireNonNull(shared.caches.get(identity));
        if (--left.users > 0) {
          return;
        }
        shared.caches.remove(identity);
      }
      left.close();
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        parts.forEach(SharedBudget.Part::close);
        cachesInUse.forEach(this::leave);
      }
      try {
        shared.meter.leave(user);
      } finally {
        release(identity, slot);
      }
    }
  }
}
