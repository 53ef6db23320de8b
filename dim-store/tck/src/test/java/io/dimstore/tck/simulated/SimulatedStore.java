// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Provocation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The memory store behind a {@link SimulatedServer}, with its own admission. */
public final class SimulatedStore extends DelegatingStore {

  private final SimulatedServer server;
  private final Admission admission;

  SimulatedStore(DimensionStore inner, SimulatedServer server, Admission admission) {
    super(inner, table -> table);
    this.server = server;
    this.admission = admission;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    return new SimulatedTable(super.table(spec), this);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return call(1, () -> super.createIfAbsent(spec));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return call(1, () -> super.validate(spec));
  }

  @Override
  public CompletionStage<Void> ping() {
    return call(1, super::ping);
  }

  @Override
  public CompletionStage<Void> pingTables() {
    return call(1, super::pingTables);
  }

  /** Sends a request to the server; removes the request if its call ends before the answer. */
  <T> CompletionStage<T> call(int keys, Supplier<CompletionStage<T>> work) {
    AtomicReference<Runnable> forget = new AtomicReference<>(() -> {});
    CompletionStage<T> call =
        admission.admit(
            keys,
            deadline -> {
              SimulatedServer.Request<T> request = server.ask(() -> answer(work));
              forget.set(request.forget());
              return request.answer();
            });
    call.whenComplete((value, failure) -> forget.get().run());
    return call;
  }

  private <T> CompletionStage<T> answer(Supplier<CompletionStage<T>> work) {
    if (server.simulates(Provocation.DENIED)) {
      return failed(Kind.DENIED);
    }
    if (server.simulates(Provocation.THROTTLED)) {
      return failed(Kind.THROTTLED);
    }
    if (server.simulates(Provocation.AWAY)) {
      return failed(Kind.UNAVAILABLE);
    }
    return work.get();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == SharedRecords.class
        ? super.capability(SharedRecords.class)
            .map(found -> type.cast(new SimulatedRecords(found, this)))
        : super.capability(type);
  }

  /** Sends a request for a record, whose answer may be lost. */
  private <T> CompletionStage<T> record(Supplier<CompletionStage<T>> work) {
    return call(
        1,
        () ->
            work.get()
                .thenCompose(
                    answer ->
                        server.simulates(Provocation.ANSWERS_LOST)
                            ? failed(Kind.UNAVAILABLE)
                            : CompletableFuture.completedFuture(answer)));
  }

  private record SimulatedRecords(SharedRecords records, SimulatedStore store)
      implements SharedRecords {

    @Override
    public CompletionStage<Optional<SharedRecord>> read(String name) {
      return store.record(() -> records.read(name));
    }

    @Override
    public CompletionStage<Boolean> replace(String name, long expectedRevision, String content) {
      return store.record(() -> records.replace(name, expectedRevision, content));
    }

    @Override
    public CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords) {
      return store.record(() -> records.list(prefix, after, maxRecords));
    }
  }

  public static <T> CompletionStage<T> failed(Kind kind) {
    return CompletableFuture.failedFuture(new StoreException(kind, "Simulated: " + kind));
  }

  SimulatedServer server() {
    return server;
  }

  @Override
  public void close() {
    admission.close();
    super.close();
  }
}
