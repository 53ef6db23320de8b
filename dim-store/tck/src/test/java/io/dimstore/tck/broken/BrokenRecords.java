// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.simulated.SimulatedServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Stores whose shared records are wrong. */
final class BrokenRecords {

  private BrokenRecords() {}

  static List<Broken> all() {
    return List.of(
        Broken.records(Clause.S1A, "answers repeated reads from memory", (r, s) -> caching(r)),
        Broken.records(Clause.S1B, "creates records at any revision", (r, s) -> creating(r)),
        Broken.records(Clause.S1C, "checks before it writes", (r, s) -> checking(r)),
        Broken.records(Clause.S1D, "takes its own success for another's", BrokenRecords::losing),
        Broken.records(Clause.S1E, "strips contents", (r, s) -> stripping(r)),
        Broken.records(
            Clause.S2A,
            "loses the last record of a full page",
            (r, s) -> paged(r, 3, page -> page.subList(0, Math.max(0, page.size() - 1)))),
        Broken.records(Clause.S2B, "returns larger pages", (r, s) -> larger(r)),
        Broken.records(Clause.S3A, "accepts everything", (r, s) -> failing(r, Kind.INVALID)),
        Broken.records(Clause.S3B, "answers after close", (r, s) -> failing(r, Kind.CLOSED)));
  }

  /** Delegates every call. */
  private static class Delegating implements SharedRecords {

    private final SharedRecords inner;

    Delegating(SharedRecords inner) {
      this.inner = inner;
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> read(String name) {
      return inner.read(name);
    }

    @Override
    public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
      return inner.replace(name, expectedRevision, content);
    }

    @Override
    public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
      return inner.list(prefix, after, maxRecords);
    }
  }

  private static SharedRecords caching(SharedRecords inner) {
    Map<String, SharedRecord> known = new ConcurrentHashMap<>();
    return new Delegating(inner) {
      @Override
      public CompletionStage<Optional<SharedRecord>> read(String name) {
        SharedRecord cached = known.get(name);
        return cached != null
            ? CompletableFuture.completedFuture(Optional.of(cached))
            : super.read(name)
                .whenComplete(
                    (found, failure) -> {
                      if (failure == null) {
                        found.ifPresent(record -> known.put(name, record));
                      }
                    });
      }
    };
  }

  private static SharedRecords creating(SharedRecords inner) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
        return super.replace(name, expectedRevision, content)
            .thenCompose(
                done ->
                    done || expectedRevision == 0
                        ? CompletableFuture.completedFuture(done)
                        : super.replace(name, 0, content));
      }
    };
  }

  private static SharedRecords checking(SharedRecords inner) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
        // Refuses what the store refuses.
        if (expectedRevision < 0 || expectedRevision == Long.MAX_VALUE || name.isEmpty()) {
          return super.replace(name, expectedRevision, content);
        }
        return super.read(name)
            .thenCompose(
                found ->
                    found.map(SharedRecord::revision).orElse(0L) == expectedRevision
                        ? later().thenCompose(waited -> force(name, content))
                        : CompletableFuture.completedFuture(false));
      }

      private CompletionStage<Boolean> force(String name, String content) {
        return super.read(name)
            .thenCompose(
                found ->
                    super.replace(name, found.map(SharedRecord::revision).orElse(0L), content));
      }
    };
  }

  private static CompletableFuture<Void> later() {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
  }

  private static SharedRecords losing(SharedRecords inner, SimulatedServer server) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
        return super.replace(name, expectedRevision, content)
            .exceptionallyCompose(
                failure ->
                    server.simulates(Provocation.ANSWERS_LOST)
                        ? CompletableFuture.completedFuture(false)
                        : CompletableFuture.failedFuture(failure));
      }
    };
  }

  private static SharedRecords stripping(SharedRecords inner) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
        return super.replace(name, expectedRevision, content.strip());
      }
    };
  }

  private static SharedRecords paged(
      SharedRecords inner, int most, UnaryOperator<List<SharedRecord>> breaking) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
        return super.list(prefix, after, maxRecords)
            .thenApply(
                page ->
                    maxRecords == most
                        ? new SharedRecordPage(breaking.apply(page.records()), page.next())
                        : page);
      }
    };
  }

  private static SharedRecords larger(SharedRecords inner) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
        return super.list(prefix, after, maxRecords < 1 ? maxRecords : maxRecords + 1);
      }
    };
  }

  /** Returns an empty answer instead of failures of this kind. */
  private static SharedRecords failing(SharedRecords inner, Kind kind) {
    return new Delegating(inner) {
      @Override
      public CompletionStage<Optional<SharedRecord>> read(String name) {
        return unless(super.read(name), Optional.empty());
      }

      @Override
      public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
        return unless(super.replace(name, expectedRevision, content), false);
      }

      @Override
      public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
        return unless(super.list(prefix, after, maxRecords), new SharedRecordPage(List.of(), null));
      }

      private <T> CompletionStage<T> unless(CompletionStage<T> stage, T instead) {
        return stage.exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              return known != null && known.kind() == kind
                  ? CompletableFuture.completedFuture(instead)
                  : CompletableFuture.failedFuture(failure);
            });
      }
    };
  }
}
