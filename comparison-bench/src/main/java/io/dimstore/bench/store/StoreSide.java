package io.dimstore.bench.store;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Projection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The store's side of every ratio: calls of a table, a number of them under way. */
final class StoreSide {

  private final Workload workload;
  private final RequestCounts counts;
  private final int inFlight;
  private final int batch;

  StoreSide(Workload workload, RequestCounts counts, int inFlight, int batch) {
    this.workload = workload;
    this.counts = counts;
    this.inFlight = inFlight;
    this.batch = batch;
  }

  /** Reads so many rows a block. */
  Side reads(DimensionTable table, int rows, Runnable before, Runnable check) {
    Projection all = Workload.table("any").all();
    return round ->
        block(
            workload.keys(rows, batch, round),
            keys -> table.get(keys, all).thenApply(found -> Same.present("The store", found)),
            before,
            check);
  }

  /** Writes so many rows a block, each time as of the next version. */
  Side writes(DimensionTable table, int rows, Versions versions, Runnable check) {
    return round ->
        block(workload.puts(rows, batch, versions.next()), table::write, () -> {}, check);
  }

  private <T> Side.Block block(
      List<List<T>> batches,
      Function<List<T>, ? extends CompletionStage<?>> call,
      Runnable before,
      Runnable check) {
    before.run();
    counts.clear();
    return new Side.Block() {
      @Override
      public void run() {
        Pipeline.run(batches, inFlight, call);
      }

      @Override
      public void check() {
        check.run();
      }
    };
  }

  /** Versions that rise. Not thread-safe. */
  static final class Versions {
    private long last;

    long next() {
      return ++last;
    }
  }
}
