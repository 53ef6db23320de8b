package io.dimstore.tck;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Stores that fail, close or refuse wrongly. */
final class BrokenCalls {

  private BrokenCalls() {}

  static List<Broken> all(CountDownLatch end) {
    return List.of(
        gets(11, "lets failures of its client out", BrokenCalls::clientFailure),
        gets(11, "takes a missing table for an empty one", BrokenCalls::noneIfNoTable),
        gets(11, "does not name what is corrupt", BrokenCalls::unnamed),
        Broken.tables(11, "throws instead of failing its stage", (t, c) -> throwing(t)),
        Broken.tables(11, "has an interface that it does not declare", (t, c) -> new Maintained(t)),
        stores(11, "finds that every declaration fits", NeverInvalid::new),
        stores(12, "goes on after close", Unclosable::new),
        stores(12, "never ends a call after close", Hanging::new),
        new Broken(
            12,
            "leaves a thread behind",
            (sound, extra, metrics, clock) -> {
              leak(end);
              return sound.open(extra, metrics, clock);
            }),
        new Broken(12, "forgets what is pending at close", BrokenCalls::forgetful),
        new Broken(14, "has no deadline", BrokenCalls::unhurried),
        Broken.options(14, "admits without bound", Map.of("max-pending", "1000000")),
        new Broken(14, "bounds its reads alone", BrokenWrites.unbounded()),
        new Broken(14, "refuses a call larger than the bound", BrokenCalls::strictlyBounded),
        gets(14, "never gives back the room of a failed call", leaking()));
  }

  private static Broken stores(int rule, String how, UnaryOperator<DimensionStore> spoiling) {
    return new Broken(
        rule,
        how,
        (sound, extra, metrics, clock) -> spoiling.apply(sound.open(extra, metrics, clock)));
  }

  private static Broken gets(
      int rule,
      String how,
      BiFunction<List<Key>, CompletionStage<List<Put>>, CompletionStage<List<Put>>> spoiling) {
    return Broken.tables(
        rule,
        how,
        (table, clock) ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return spoiling.apply(keys, super.get(keys, columns));
              }
            });
  }

  private static CompletionStage<List<Put>> clientFailure(
      List<Key> keys, CompletionStage<List<Put>> answer) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(new IllegalStateException(failure)));
  }

  private static CompletionStage<List<Put>> noneIfNoTable(
      List<Key> keys, CompletionStage<List<Put>> answer) {
    return answer.exceptionallyCompose(
        failure ->
            StoreException.find(failure).kind() == Kind.NO_TABLE
                ? CompletableFuture.completedFuture(Collections.nCopies(keys.size(), null))
                : CompletableFuture.failedFuture(failure));
  }

  private static CompletionStage<List<Put>> unnamed(
      List<Key> keys, CompletionStage<List<Put>> answer) {
    return answer.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                new StoreException(StoreException.find(failure).kind(), failure.getMessage())));
  }

  private static DimensionTable throwing(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        CompletionStage<List<Put>> answer = super.get(keys, columns);
        if (answer.toCompletableFuture().isCompletedExceptionally()) {
          throw new StoreException(Kind.NO_TABLE, "Thrown");
        }
        return answer;
      }
    };
  }

  private static BiFunction<List<Key>, CompletionStage<List<Put>>, CompletionStage<List<Put>>>
      leaking() {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    return (keys, answer) ->
        failures.isEmpty()
            ? answer.whenComplete(
                (rows, failure) -> {
                  if (failure != null) {
                    failures.add(failure);
                  }
                })
            : CompletableFuture.failedFuture(new StoreException(Kind.THROTTLED, "Full"));
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
                    : CompletableFuture.failedFuture(new StoreException(Kind.THROTTLED, "Large"));
              }
            });
  }

  /** Reads on another thread, and after close does not answer any more. */
  private static DimensionStore forgetful(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    AtomicBoolean closed = new AtomicBoolean();
    UnaryOperator<DimensionTable> slow =
        table ->
            new SpoiledTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                CompletableFuture<List<Put>> answer = new CompletableFuture<>();
                CompletionStage<List<Put>> read = super.get(keys, columns);
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

  private static DimensionStore unhurried(
      Broken.Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    DimensionStore store = sound.open(extra, metrics, clock);
    return extra.containsKey("deadline")
        ? new SpoiledStore(
            store,
            table ->
                new SpoiledTable(table) {
                  @Override
                  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                    return new CompletableFuture<>();
                  }
                })
        : store;
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

  private static final class Maintained extends SpoiledTable implements Maintenance {
    Maintained(DimensionTable inner) {
      super(inner);
    }

    @Override
    public CompletionStage<Repair> repair(int maxKeys) {
      return CompletableFuture.completedFuture(new Repair(0, 0, false));
    }

    @Override
    public CompletionStage<Backlog> backlog(int maxKeys) {
      return CompletableFuture.completedFuture(new Backlog(0, false, Duration.ZERO));
    }

    @Override
    public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
      return CompletableFuture.completedFuture(new CheckPage(0, 0, 0, 0, 0, List.of(), null));
    }

    @Override
    public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
      return CompletableFuture.completedFuture(new PurgePage(0, 0, 0, null));
    }
  }

  private static final class NeverInvalid extends SpoiledStore {
    NeverInvalid(DimensionStore inner) {
      super(inner, table -> table);
    }

    @Override
    public CompletionStage<Void> validate(TableSpec spec) {
      return super.validate(spec).exceptionally(failure -> null);
    }
  }

  private static final class Unclosable extends SpoiledStore {
    Unclosable(DimensionStore inner) {
      super(inner, table -> table);
    }

    @Override
    public void close() {}
  }

  private static final class Hanging extends SpoiledStore {
    Hanging(DimensionStore inner) {
      super(inner, table -> table);
    }

    @Override
    public CompletionStage<Void> ping() {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      super.ping().thenAccept(answer::complete);
      return answer;
    }
  }
}
