package io.dimstore.tck;

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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Stores that do not end, and those that hold more than they may: R12 and R14. */
final class BrokenBounds {

  private static final int LARGE = 200;

  private BrokenBounds() {}

  static List<Broken> all(CountDownLatch end) {
    return List.of(
        new Broken(Clause.R12A, "divides scans after close", BrokenBounds::goingOn),
        new Broken(Clause.R12B, "forgets what is pending at close", BrokenBounds::forgetful),
        new Broken(Clause.R12C, "opens again when it is closed twice", BrokenBounds::reopening),
        new Broken(
            Clause.R12D,
            "leaves a thread behind",
            (sound, extra, metrics, clock) -> {
              leak(end);
              return sound.open(extra, metrics, clock);
            }),
        new Broken(
            Clause.R12E,
            "leaves its threads with a server that is stuck",
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
            "waits for a server that is stuck when it closes",
            (sound, extra, metrics, clock) ->
                closing(sound, sound.open(extra, metrics, clock), () -> false)),
        Broken.options(Clause.R14A, "admits without bound", Map.of("max-pending", "1000000")),
        new Broken(Clause.R14A, "bounds its reads alone", unboundedWrites()),
        new Broken(
            Clause.R14B, "refuses a call larger than the bound", BrokenBounds::strictlyBounded),
        new Broken(Clause.R14C, "never gives back the room of a failed call", leaking()),
        new Broken(Clause.R14D, "has no deadline for writes in a hurry", BrokenBounds::unhurried),
        Broken.served(
            Clause.R14E, "starts the deadline when a request is sent", (t, s) -> queued(t, s)),
        Broken.served(
            Clause.R14F, "sends what has ended when its server is back", (t, s) -> sending(t, s)),
        Broken.served(
            Clause.R14F,
            "drops what has ended from its queue when its server is back",
            (t, s) -> holding(t, s)),
        Broken.served(
            Clause.R14G,
            "waits for a cache that is stuck",
            (t, s) ->
                new SpoiledTable(t) {
                  @Override
                  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                    return s.plays(Provocation.CACHE_STUCK)
                        ? PlayedStore.failed(Kind.TIMEOUT)
                        : super.get(keys, columns);
                  }
                }));
  }

  private static DimensionStore goingOn(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closed = new AtomicBoolean();
    UnaryOperator<DimensionTable> lenient =
        table ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
                return closed.get()
                    ? CompletableFuture.completedFuture(List.of())
                    : super.splits(desired, options);
              }
            };
    return new SpoiledStore(sound.open(extra, metrics, clock), lenient) {
      @Override
      public void close() {
        closed.set(true);
        super.close();
      }
    };
  }

  /** Reads large batches on another thread, and after close does not answer them any more. */
  private static DimensionStore forgetful(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closed = new AtomicBoolean();
    UnaryOperator<DimensionTable> slow =
        table ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                CompletionStage<List<Put>> read = super.get(keys, columns);
                if (keys.size() != LARGE) {
                  return read;
                }
                CompletableFuture<List<Put>> answer = new CompletableFuture<>();
                Runnable tell = () -> read.thenAccept(rows -> answerUnless(closed, answer, rows));
                CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(tell);
                return answer;
              }
            };
    return new SpoiledStore(sound.open(extra, metrics, clock), slow) {
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
    return new SpoiledStore(sound.open(extra, metrics, clock), table -> table) {
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

  /** Ends its calls at close, or not, where the server is stuck. */
  private static DimensionStore closing(
      Broken.Sound sound, DimensionStore store, Supplier<Boolean> closes) {
    return new SpoiledStore(store, table -> table) {
      @Override
      public void close() {
        if (!sound.server().plays(Provocation.STUCK) || closes.get()) {
          super.close();
        }
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

  /** Writes through another opening, which has the default bound. */
  private static Broken.Opening unboundedWrites() {
    return (sound, extra, metrics, clock) -> {
      Map<String, String> free = new HashMap<>(extra);
      // The bound of R14f stays, which is about something else.
      free.remove("max-pending", "1");
      DimensionStore writing = sound.open(free, metrics, clock);
      return new SpoiledStore(sound.open(extra, metrics, clock), table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DimensionTable unbounded = writing.table(spec);
          return new SpoiledTable(super.table(spec)) {
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
    return new SpoiledStore(
        sound.open(extra, metrics, clock),
        table ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return keys.size() <= bound
                    ? super.get(keys, columns)
                    : PlayedStore.failed(Kind.THROTTLED);
              }
            });
  }

  /** In an opening for one key at a time. */
  private static Broken.Opening leaking() {
    return (sound, extra, metrics, clock) -> {
      AtomicBoolean full = new AtomicBoolean();
      return new SpoiledStore(
          sound.open(extra, metrics, clock),
          table ->
              new SpoiledTable(table) {
                @Override
                public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                  return full.get()
                      ? PlayedStore.failed(Kind.THROTTLED)
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
        ? new SpoiledStore(
            store,
            table ->
                new SpoiledTable(table) {
                  @Override
                  public CompletionStage<Void> write(List<Change> changes) {
                    return new CompletableFuture<>();
                  }
                })
        : store;
  }

  /** Before a server that is stuck, sends one request after the other has ended. */
  private static DimensionTable queued(DimensionTable table, PlayedServer server) {
    return new SpoiledTable(table) {
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
        if (!server.plays(Provocation.STUCK)) {
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
   * A queue without bound before a server that is stuck: it knows nothing of what has ended, and is
   * sent when the server is back.
   */
  private static DimensionTable sending(DimensionTable table, PlayedServer server) {
    List<Key> queue = new CopyOnWriteArrayList<>();
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (server.plays(Provocation.STUCK)) {
          // Of its own making, as encoded requests are.
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

  private static DimensionTable holding(DimensionTable table, PlayedServer server) {
    List<Key> queue = new CopyOnWriteArrayList<>();
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        if (server.plays(Provocation.STUCK)) {
          queue.addAll(keys);
        } else {
          queue.clear();
        }
        return super.get(keys, columns);
      }
    };
  }
}
