// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Background load of a test: each thread writes and reads its own key until {@link #end}. Retryable
 * failures are ignored. A read that misses a write acknowledged to its thread fails the load.
 */
public final class SteadyLoad {

  private static final long PAUSE_NANOS = 5_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final DimensionTable table;
  private final TableSpec spec;
  private final AtomicLong acknowledged = new AtomicLong();
  private final List<CompletableFuture<Void>> threads = new ArrayList<>();
  private volatile boolean running = true;

  /** Creates the row of a thread's key at a version. */
  @FunctionalInterface
  public interface Rows {
    /** Returns the put; its key depends on the thread alone. */
    Put row(int thread, long version);
  }

  private SteadyLoad(DimensionTable table, TableSpec spec) {
    this.table = table;
    this.spec = spec;
  }

  /** Starts this many threads. */
  public static SteadyLoad start(DimensionTable table, TableSpec spec, int threads, Rows rows) {
    SteadyLoad load = new SteadyLoad(table, spec);
    for (int i = 0; i < threads; i++) {
      int number = i;
      CompletableFuture<Void> ended = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  load.run(number, rows);
                  ended.complete(null);
                } catch (Throwable e) {
                  ended.completeExceptionally(e);
                }
              },
              "steady-load-" + i);
      thread.setDaemon(true);
      thread.start();
      load.threads.add(ended);
    }
    return load;
  }

  private void run(int number, Rows rows) {
    long seen = 0;
    for (long version = 1; running; version++) {
      Put row = rows.row(number, version);
      if (succeeds(table.write(List.of(row)))) {
        seen = version;
        acknowledged.incrementAndGet();
      }
      try {
        List<@Nullable Put> found = await(table.get(List.of(row.key()), spec.all()));
        Put one = found.get(0);
        if (seen > 0 && (one == null || one.version() < seen)) {
          throw new AssertionError(
              "Version " + seen + " was acknowledged, but a later read found " + one);
        }
      } catch (CompletionException e) {
        requireRetryable(e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean succeeds(CompletionStage<?> call) {
    try {
      await(call);
      return true;
    } catch (CompletionException e) {
      requireRetryable(e);
      return false;
    }
  }

  private static void requireRetryable(CompletionException e) {
    StoreException known = StoreException.find(e);
    if (known == null || !known.kind().isRetryable()) {
      throw e;
    }
  }

  private static <T> T await(CompletionStage<T> call) {
    return call.toCompletableFuture().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** Returns how many writes were acknowledged so far. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Returns whether no thread has failed so far. */
  public boolean isFine() {
    return threads.stream().noneMatch(CompletableFuture::isCompletedExceptionally);
  }

  /** Ends the threads; throws if one of them has failed. */
  public void end() {
    running = false;
    for (CompletableFuture<Void> thread : threads) {
      thread.orTimeout(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
  }
}
