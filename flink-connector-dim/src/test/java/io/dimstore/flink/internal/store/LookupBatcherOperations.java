// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.interleavings.HeldTimer;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Lookups through a {@link LookupBatcher} while the table changes and the batcher is closed. */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
public class LookupBatcherOperations {

  /** Longer than a thread waits for the processor of a busy machine. */
  private static final long MOST_SECONDS = 10;

  private final AtomicLong version = new AtomicLong();
  private final LookupBatcher batcher =
      new LookupBatcher(
          new Table(),
          Projection.of(0),
          new DimTable.LookupSettings(2, 1, Duration.ofHours(1)),
          new Retry(
              new HeldTimer(), Duration.ZERO, new StoreMeter("operations", List.of()).table("t")),
          Runnable::run);

  /** Returns the version of the row; -1 if the batcher is closed. */
  @Operation
  public long lookup(@Param(name = "key") int key)
      throws InterruptedException, TimeoutException, ExecutionException {
    try {
      return batcher.get(Key.of((long) key)).get(MOST_SECONDS, TimeUnit.SECONDS).version();
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      if (failure != null && failure.kind() == StoreException.Kind.CLOSED) {
        return -1;
      }
      throw e;
    }
  }

  /** Changes all rows; returns their version. */
  @Operation
  public long change() {
    return version.incrementAndGet();
  }

  @Operation
  public void close() {
    batcher.close();
  }

  /** A table in which every key has the version of the last change. */
  private final class Table implements DimensionTable {

    @Override
    public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
      List<Put> rows = keys.stream().map(key -> new Put(key, Row.of(1L), version.get())).toList();
      // Time for a change and a lookup of another thread while the response is in flight.
      for (int i = 0; i < 500; i++) {
        Thread.onSpinWait();
      }
      return CompletableFuture.completedFuture(rows);
    }

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
      throw new UnsupportedOperationException();
    }
  }

  /** The sequential specification, which one thread calls. */
  public static class Specification {

    private long version;
    private boolean closed;

    public long lookup(int key) {
      return closed ? -1 : version;
    }

    public long change() {
      version++;
      return version;
    }

    public void close() {
      closed = true;
    }
  }
}
