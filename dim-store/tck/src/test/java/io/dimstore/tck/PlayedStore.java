package io.dimstore.tck;

import io.dimstore.spi.Admission;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The memory store behind a {@link PlayedServer}, with a gate of its own. */
final class PlayedStore extends SpoiledStore {

  private final PlayedServer server;
  private final Admission admission;

  PlayedStore(DimensionStore inner, PlayedServer server, Admission admission) {
    super(inner, table -> table);
    this.server = server;
    this.admission = admission;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    return new PlayedTable(super.table(spec), this);
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

  /** Asks the server; a request whose call has ended before its answer came is taken back. */
  <T> CompletionStage<T> call(int keys, Supplier<CompletionStage<T>> work) {
    AtomicReference<Runnable> forget = new AtomicReference<>(() -> {});
    CompletionStage<T> call =
        admission.admit(
            keys,
            deadline -> {
              PlayedServer.Request<T> request = server.ask(() -> answer(work));
              forget.set(request.forget());
              return request.answer();
            });
    call.whenComplete((value, failure) -> forget.get().run());
    return call;
  }

  private <T> CompletionStage<T> answer(Supplier<CompletionStage<T>> work) {
    if (server.plays(Provocation.DENIED)) {
      return failed(Kind.DENIED);
    }
    if (server.plays(Provocation.THROTTLED)) {
      return failed(Kind.THROTTLED);
    }
    if (server.plays(Provocation.AWAY)) {
      return failed(Kind.UNAVAILABLE);
    }
    return work.get();
  }

  static <T> CompletionStage<T> failed(Kind kind) {
    return CompletableFuture.failedFuture(new StoreException(kind, "Played: " + kind));
  }

  PlayedServer server() {
    return server;
  }

  @Override
  public void close() {
    admission.close();
    super.close();
  }
}
