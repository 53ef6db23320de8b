// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The memory store behind a {@link SimulatedServer}, with its own admission. */
final class SimulatedStore extends DelegatingStore {

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

  static <T> CompletionStage<T> failed(Kind kind) {
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
