// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedServer;
import io.dimstore.tck.simulated.SimulatedStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Stores that do not close correctly or exceed limits: R12 and R14. */
final class BrokenBounds {

  private static final int LARGE = 200;
  private static final long PAUSE_NANOS = 2_000_000;

  /** Delay of an answer; even on a busy machine, close begins sooner after the last read. */
  private static final long ANSWER_MILLIS = 150;

  /** The longest time that close waits for a call to begin meanwhile. */
  private static final long CLOSING_NANOS = 1_000_000_000;

  private BrokenBounds() {}

  static List<Broken> all(CountDownLatch end) {
    return List.of(
        new Broken(Clause.R12A, "returns splits after close", BrokenBounds::goingOn),
        new Broken(
            Clause.R12B, "never ends calls that are pending at close", BrokenBounds::forgetful),
        new Broken(Clause.R12C, "answers again after it was closed twice", BrokenBounds::reopening),
        new Broken(
            Clause.R12D,
            "leaves a thread behind after close",
            (sound, extra, metrics, clock) -> {
              leak(end);
              return sound.open(extra, metrics, clock);
            }),
        new Broken(
            Clause.R12E,
            "leaves threads behind if its server is stuck at close",
            (sound, extra, metrics, clock) ->
                closing(
                    sound,
                    sound.open(extra, metrics, clock),
                    () -> {
                      leak(end);
                      leak(end);
                      return true;
                    })),
        new Broken(
            Clause.R12E,
            "does not close while its server is stuck",
            (sound, extra, metrics, clock) ->
                closing(sound, sound.open(extra, metrics, clock), () -> false)),
        new Broken(
            Clause.R12E,
            "blocks in close while its cache is stuck",
            BrokenBounds::untilTheCacheIsBack),
        new Broken(
            Clause.R12B,
            "never ends calls that begin during close",
            BrokenBounds::deafWhileClosing),
        Broken.served(Clause.R14I, "blocks callers that read three keys", (t, s) -> blocking(t, s)),
        Broken.options(Clause.R14A, "ignores max-pending", Map.of("max-pending", "1000000")),
        new Broken(Clause.R14A, "ignores max-pending for writes", unboundedWrites()),
        new Broken(
            Clause.R14B, "refuses a call larger than max-pending", BrokenBounds::strictlyBounded),
        new Broken(Clause.R14C, "never releases the keys of a failed call", leaking()),
        new Broken(Clause.R14D, "has no deadline for writes", BrokenBounds::unhurried),
        Broken.served(
            Clause.R14E, "starts the deadline when a request is sent", (t, s) -> queued(t, s)),
        Broken.served(
            Clause.R14F,
            "sends ended calls when its server is back",
            (t, s) -> sending(t, s, Provocation.STUCK)),
        Broken.served(
            Clause.R14F,
            "holds ended calls until its server is back",
            (t, s) -> holding(t, s, Provocation.STUCK)),
        Broken.served(
            Clause.R14H,
            "sends ended calls when its cache is back",
            (t, s) -> sending(t, s, Provocation.CACHE_STUCK)),
        Broken.served(
            Clause.R14H,
            "holds ended calls until its cache is back",
            (t, s) -> holding(t, s, Provocation.CACHE_STUCK)),
        Broken.served(
            Clause.R14G,
            "fails gets while its cache is stuck",
            (t, s) ->
                new DelegatingTable(t) {
                  @Override
                  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                    // Only batches fail: other clauses also read single keys.
                    return s.simulates(Provocation.CACHE_STUCK) && keys.size() > 1
                        ? SimulatedStore.failed(Kind.TIMEOUT)
                        : super.get(keys, columns);
                  }
                }),
        Broken.served(
            Clause.R14J,
            "waits for each answer of a slow cache",
            (t, s) ->
                new DelegatingTable(t) {
                  @Override
                  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                    return s.simulates(Provocation.CACHE_SLOW)
                        ? CompletableFuture.runAsync(() -> {}, late())
                            .thenCompose(waited -> super.get(keys, columns))
                        : super.get(keys, columns);
                  }
                }));
  }

  private static Executor late() {
    return CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);
  }

  private static DimensionStore goingOn(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closed = new AtomicBoolean();
    UnaryOperator<DimensionTable> lenient =
        table ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
                return closed.get()
                    ? CompletableFuture.completedFuture(List.of())
                    : super.splits(desired, options);
              }
            };
    return new DelegatingStore(sound.open(extra, metrics, clock), lenient) {
      @Override
      public void close() {
        closed.set(true);
        super.close();
      }
    };
  }

  /** Answers large batches later on another thread, but not after close. */
  private static DimensionStore forgetful(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closed = new AtomicBoolean();
    UnaryOperator<DimensionTable> slow =
        table ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                CompletionStage<List<Put>> read = super.get(keys, columns);
                if (keys.size() != LARGE) {
                  return read;
                }
                CompletableFuture<List<Put>> answer = new CompletableFuture<>();
                Runnable complete =
                    () -> read.thenAccept(rows -> answerUnless(closed, answer, rows));
                CompletableFuture.delayedExecutor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(complete);
                return answer;
              }
            };
    return new DelegatingStore(sound.open(extra, metrics, clock), slow) {
      @Override
      public void close() {
        closed.set(true);
        super.close();
      }
    };
  }

  private static void answerUnless(
      AtomicBoolean closed, CompletableFuture<List<Put>> answer, List<Put> rows) {
    if (!closed.get()) {
      answer.complete(rows);
    }
  }

  private static DimensionStore reopening(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicInteger closes = new AtomicInteger();
    return new DelegatingStore(sound.open(extra, metrics, clock), table -> table) {
      @Override
      public void close() {
        closes.incrementAndGet();
        super.close();
      }

      @Override
      public CompletionStage<Void> ping() {
        return closes.get() > 1 ? CompletableFuture.completedFuture(null) : super.ping();
      }
    };
  }

  /** If the server is stuck, close ends the calls only if the supplier returns true. */
  private static DimensionStore closing(
      Broken.Sound sound, DimensionStore store, Supplier<Boolean> closes) {
    return new DelegatingStore(store, table -> table) {
      @Override
      public void close() {
        if (!sound.server().simulates(Provocation.STUCK) || closes.get()) {
          super.close();
        }
      }
    };
  }

  private static DimensionStore untilTheCacheIsBack(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    return new DelegatingStore(sound.open(extra, metrics, clock), table -> table) {
      @Override
      public void close() {
        while (sound.server().simulates(Provocation.CACHE_STUCK)) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        super.close();
      }
    };
  }

  /** Never answers calls that begin during close; close waits for one if other threads call. */
  private static DimensionStore deafWhileClosing(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closing = new AtomicBoolean();
    CountDownLatch unheard = new CountDownLatch(1);
    Set<Thread> callers = ConcurrentHashMap.newKeySet();
    UnaryOperator<DimensionTable> deaf =
        table ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                callers.add(Thread.currentThread());
                if (closing.get()) {
                  unheard.countDown();
                  return new CompletableFuture<>();
                }
                return super.get(keys, columns);
              }
            };
    return new DelegatingStore(sound.open(extra, metrics, clock), deaf) {
      @Override
      public void close() {
        closing.set(true);
        Thread closer = Thread.currentThread();
        if (extra.isEmpty() && callers.stream().anyMatch(t -> t != closer && t.isAlive())) {
          awaitCall(unheard);
        }
        closing.set(false);
        super.close();
      }
    };
  }

  private static void awaitCall(CountDownLatch call) {
    try {
      call.await(CLOSING_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static DimensionTable blocking(DimensionTable table, SimulatedServer server) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        CompletionStage<List<Put>> read = super.get(keys, columns);
        while (keys.size() == 3
            && server.simulates(Provocation.STUCK)
            && !read.toCompletableFuture().isDone()) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        return read;
      }
    };
  }

  private static void leak(CountDownLatch end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "left-behind");
    thread.setDaemon(true);
    thread.start();
  }

  /** Writes through another store, which has the default max-pending. */
  private static Broken.Opening unboundedWrites() {
    return (sound, extra, metrics, clock) -> {
      Map<String, String> free = new HashMap<>(extra);
      // Only the limit in the tests of R14a is removed; the limit of R14f is another one.
      free.remove("max-pending", "1");
      DimensionStore writing = sound.open(free, metrics, clock);
      return new DelegatingStore(sound.open(extra, metrics, clock), table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DimensionTable unbounded = writing.table(spec);
          return new DelegatingTable(super.table(spec)) {
            @Override
            public CompletionStage<Void> write(List<Change> changes) {
              return unbounded.write(changes);
            }
          };
        }

        @Override
        public void close() {
          writing.close();
          super.close();
        }
      };
    };
  }

  private static DimensionStore strictlyBounded(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    int bound = Integer.parseInt(extra.getOrDefault("max-pending", "100000"));
    return new DelegatingStore(
        sound.open(extra, metrics, clock),
        table ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return keys.size() <= bound
                    ? super.get(keys, columns)
                    : SimulatedStore.failed(Kind.THROTTLED);
              }
            });
  }

  /** Misbehaves only in stores with a max-pending of 1. */
  private static Broken.Opening leaking() {
    return (sound, extra, metrics, clock) -> {
      AtomicBoolean full = new AtomicBoolean();
      return new DelegatingStore(
          sound.open(extra, metrics, clock),
          table ->
              new DelegatingTable(table) {
                @Override
                public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                  return full.get()
                      ? SimulatedStore.failed(Kind.THROTTLED)
                      : super.get(keys, columns)
                          .whenComplete(
                              (rows, failure) -> {
                                StoreException known = StoreException.find(failure);
                                if (known != null
                                    && known.kind() != Kind.THROTTLED
                                    && "1".equals(extra.get("max-pending"))) {
                                  full.set(true);
                                }
                              });
                }
              });
    };
  }

  private static DimensionStore unhurried(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    DimensionStore store = sound.open(extra, metrics, clock);
    return "5 ms".equals(extra.get("deadline"))
        ? new DelegatingStore(
            store,
            table ->
                new DelegatingTable(table) {
                  @Override
                  public CompletionStage<Void> write(List<Change> changes) {
                    return new CompletableFuture<>();
                  }
                })
        : store;
  }

  /** While the server is stuck, sends each request only after the previous one has ended. */
  private static DimensionTable queued(DimensionTable table, SimulatedServer server) {
    return new DelegatingTable(table) {
      private CompletionStage<?> last = CompletableFuture.completedFuture(null);

      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return after(() -> super.get(keys, columns));
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return after(() -> super.write(changes));
      }

      private synchronized <T> CompletionStage<T> after(Supplier<CompletionStage<T>> call) {
        if (!server.simulates(Provocation.STUCK)) {
          return call.get();
        }
        CompletionStage<T> next =
            last.handle((value, failure) -> null).thenCompose(ended -> call.get());
        last = next;
        return next;
      }
    };
  }

  /**
   * Keeps an unbounded queue while the server is stuck. The queue contains requests of calls that
   * have ended, and is sent when the server is back.
   */
  private static DimensionTable sending(
      DimensionTable table, SimulatedServer server, Provocation stuck) {
    List<Key> queue = new CopyOnWriteArrayList<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (server.simulates(stuck)) {
          // Copies the keys, as an encoded request does, so that the calls' keys are not held.
          keys.forEach(key -> queue.add(Key.of(key.get(0))));
          return super.get(keys, columns);
        }
        List<Key> waiting = new ArrayList<>(queue);
        queue.clear();
        waiting.forEach(key -> super.get(List.of(key), columns));
        return super.get(keys, columns);
      }
    };
  }

  @SuppressWarnings("ModifiedButNotUsed") // It only takes memory.
  private static DimensionTable holding(
      DimensionTable table, SimulatedServer server, Provocation stuck) {
    List<Key> queue = new CopyOnWriteArrayList<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (server.simulates(stuck)) {
          queue.addAll(keys);
        } else {
          queue.clear();
        }
        return super.get(keys, columns);
      }
    };
  }
}
