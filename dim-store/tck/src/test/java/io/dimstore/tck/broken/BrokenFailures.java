// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.simulated.DelegatingTable;
import io.dimstore.tck.simulated.SimulatedServer;
import io.dimstore.tck.simulated.SimulatedStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Stores whose failures are wrong: R11. */
final class BrokenFailures {

  private BrokenFailures() {}

  static List<Broken> all() {
    return List.of(
        gets(Clause.R11A, "treats a missing table as empty", BrokenFailures::noneIfNoTable),
        Broken.tables(Clause.R11A, "throws instead of failing its stage", (t, c) -> throwing(t)),
        new Broken(
            Clause.R11B,
            "accepts every declaration",
            (sound, extra, metrics, clock) -> new NeverInvalid(sound.open(extra, metrics, clock))),
        Broken.tables(Clause.R11C, "names only the first key to blame", (t, c) -> nameFirst(t)),
        gets(Clause.R11D, "does not name the corrupt keys", BrokenFailures::unnamed),
        new Broken(
            Clause.R11E,
            "ignores unknown options",
            (sound, extra, metrics, clock) -> {
              Map<String, String> known = new HashMap<>(extra);
              known.remove("dedline");
              return sound.open(known, metrics, clock);
            }),
        Broken.tables(Clause.R11F, "has an interface that it does not declare", (t, c) -> t)
            .declaring(ChangeFeed.class, SharedRecords.class),
        Broken.tables(Clause.R11F, "declares that it cannot provoke STUCK, but can", (t, c) -> t)
            .declining(),
        simulatedFailure(
            Clause.R11G,
            "reports a denied call as unavailable",
            Provocation.DENIED,
            Kind.UNAVAILABLE),
        Broken.served(
            Clause.R11G,
            "fails with exceptions of its client",
            (t, s) ->
                whenFailed(
                    t,
                    failure ->
                        s.simulates(Provocation.DENIED) ? new IllegalStateException() : failure)),
        simulatedFailure(
            Clause.R11H,
            "reports a throttled call as unavailable",
            Provocation.THROTTLED,
            Kind.UNAVAILABLE),
        simulatedFailure(
            Clause.R11I, "reports an outage as a missing table", Provocation.AWAY, Kind.NO_TABLE),
        Broken.served(
            Clause.R11I, "stays unavailable when its server is back", (t, s) -> lasting(t, s)),
        simulatedFailure(
            Clause.R11J,
            "reports a missing answer as unavailable",
            Provocation.STUCK,
            Kind.UNAVAILABLE));
  }

  private static Broken gets(
      Clause clause,
      String how,
      BiFunction<List<Key>, CompletionStage<List<Put>>, CompletionStage<List<Put>>> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            new DelegatingTable(table) {
              @Override
              public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
                return breaking.apply(keys, super.get(keys, columns));
              }
            });
  }

  /** Changes the kind of failures while the server misbehaves in this way. */
  private static Broken simulatedFailure(Clause clause, String how, Provocation what, Kind other) {
    return Broken.served(
        clause,
        how,
        (table, server) ->
            whenFailed(
                table,
                failure ->
                    server.simulates(what) && StoreException.find(failure).kind() != Kind.CLOSED
                        ? new StoreException(other, "Another kind")
                        : failure));
  }

  private static DimensionTable whenFailed(
      DimensionTable table, UnaryOperator<Throwable> breaking) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys, columns)
            .exceptionallyCompose(e -> CompletableFuture.failedFuture(breaking.apply(e)));
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(changes)
            .exceptionallyCompose(e -> CompletableFuture.failedFuture(breaking.apply(e)));
      }
    };
  }

  private static DimensionTable lasting(DimensionTable table, SimulatedServer server) {
    AtomicBoolean away = new AtomicBoolean();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        away.compareAndSet(false, server.simulates(Provocation.AWAY));
        return away.get() ? SimulatedStore.failed(Kind.UNAVAILABLE) : super.get(keys, columns);
      }
    };
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
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        CompletionStage<Void> written = super.write(changes);
        if (written.toCompletableFuture().isCompletedExceptionally()) {
          written
              .exceptionally(
                  failure -> {
                    if (StoreException.find(failure).kind() == Kind.NO_TABLE) {
                      throw new StoreException(Kind.NO_TABLE, "Thrown");
                    }
                    return null;
                  })
              .toCompletableFuture()
              .join();
        }
        return written;
      }
    };
  }

  /** Names only the first key of a failed write, unless the write has deletes. */
  private static DimensionTable nameFirst(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        boolean deletes = changes.stream().anyMatch(Delete.class::isInstance);
        return super.write(changes)
            .exceptionallyCompose(
                failure -> {
                  StoreException e = StoreException.find(failure);
                  return CompletableFuture.failedFuture(
                      e.keys().isEmpty() || deletes
                          ? e
                          : StoreException.invalid(e.getMessage(), e.keys().subList(0, 1)));
                });
      }
    };
  }

  private static final class NeverInvalid extends DelegatingStore {
    NeverInvalid(DimensionStore inner) {
      super(inner, table -> table);
    }

    @Override
    public CompletionStage<Void> validate(TableSpec spec) {
      return super.validate(spec)
          .exceptionallyCompose(
              failure ->
                  StoreException.find(failure).kind() == Kind.INVALID
                      ? CompletableFuture.completedFuture(null)
                      : CompletableFuture.failedFuture(failure));
    }
  }
}
