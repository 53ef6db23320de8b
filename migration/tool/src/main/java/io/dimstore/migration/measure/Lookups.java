// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import io.dimstore.migration.measure.RequestCounter.Requests;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.Side;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks up a sample of the keys in both stores, in pairs of blocks of equal length and random
 * order, so that both stores meet the same disturbances of machine and network. Each lookup begins
 * when the one before has ended.
 */
public final class Lookups {

  private final Measured old;
  private final Measured target;
  private final LookupSettings settings;
  private final Calls calls;
  private final Clock clock;

  /**
   * One of the two stores.
   *
   * @param side the table
   * @param counter counts the requests of its store
   */
  public record Measured(Side side, RequestCounter counter) {}

  /** Receives how far the measurement is. */
  public interface Listener {
    /** Reports the blocks that were measured, of all. */
    void measured(long blocks, long all);
  }

  /** Creates the measurement. */
  public Lookups(Measured old, Measured target, LookupSettings settings, Calls calls, Clock clock) {
    this.old = old;
    this.target = target;
    this.settings = settings;
    this.calls = calls;
    this.clock = clock;
  }

  /** What was measured of one store. */
  private static final class Series {
    final Measured measured;
    final List<long[]> blocks = new ArrayList<>();
    long failed;
    long nanos;
    Requests before;

    Series(Measured measured) {
      this.measured = measured;
      this.before = measured.counter().requests();
    }

    LookupResult.Store result() {
      long[] all = PercentileRatio.all(blocks);
      return new LookupResult.Store(
          measured.side().name(),
          all.length,
          failed,
          PercentileRatio.percentile(all, 0.5) / 1e3,
          PercentileRatio.percentile(all, 0.99) / 1e3,
          nanos == 0 ? 0 : all.length * 1e9 / nanos,
          measured.counter().requests().since(before));
    }
  }

  /**
   * Measures.
   *
   * @return the result, or one without lookups if the old store has no row
   */
  public LookupResult run(Listener listener) throws InterruptedException {
    List<Put> rows = SampledKeys.rows(old.side(), settings.sampleRows(), calls);
    Series ofOld = new Series(old);
    Series ofTarget = new Series(target);
    if (rows.isEmpty()) {
      return result(rows, ofOld, ofTarget, new PercentileRatio(0, 0, 0));
    }
    long blockNanos = settings.time().toNanos() / (2L * (settings.pairs() + 1));
    Random random = new Random(settings.seed());
    ExecutorService threads = Executors.newFixedThreadPool(settings.atOnce(), Lookups::thread);
    try {
      for (int pair = 0; pair <= settings.pairs(); pair++) {
        List<Series> order =
            random.nextBoolean() ? List.of(ofOld, ofTarget) : List.of(ofTarget, ofOld);
        long keys = random.nextLong();
        for (Series series : order) {
          measure(series, rows, blockNanos, keys, threads);
        }
        if (pair == 0) {
          // The first pair opens connections and compiles code.
          for (Series series : order) {
            series.blocks.clear();
            series.failed = 0;
            series.nanos = 0;
            series.before = series.measured.counter().requests();
          }
        }
        listener.measured(pair + 1L, settings.pairs() + 1L);
      }
    } finally {
      threads.shutdownNow();
    }
    return result(
        rows, ofOld, ofTarget, PercentileRatio.of(ofOld.blocks, ofTarget.blocks, settings.seed()));
  }

  private LookupResult result(
      List<Put> rows, Series ofOld, Series ofTarget, PercentileRatio ratio) {
    return new LookupResult(
        Instant.ofEpochMilli(clock.millis()),
        rows,
        ofOld.result(),
        ofTarget.result(),
        ratio.ratio(),
        ratio.low(),
        ratio.high());
  }

  private void measure(
      Series series, List<Put> rows, long blockNanos, long seed, ExecutorService threads)
      throws InterruptedException {
    long begin = System.nanoTime();
    List<Future<Block>> blocks = new ArrayList<>();
    for (int i = 0; i < settings.atOnce(); i++) {
      long ofThread = seed + i;
      Callable<Block> task =
          () -> block(series.measured.side(), rows, begin + blockNanos, new Random(ofThread));
      blocks.add(threads.submit(task));
    }
    long[] latencies = new long[0];
    for (Future<Block> future : blocks) {
      Block block = await(future);
      series.failed += block.failed;
      int old = latencies.length;
      latencies = Arrays.copyOf(latencies, old + block.count);
      System.arraycopy(block.nanos, 0, latencies, old, block.count);
    }
    series.nanos += System.nanoTime() - begin;
    series.blocks.add(latencies);
  }

  private static Block await(Future<Block> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(e.getCause());
    }
  }

  /** The latencies of one thread in one block. */
  private static final class Block {
    private long[] nanos = new long[1024];
    private int count;
    private long failed;

    void add(long latency) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = latency;
    }
  }

  private static Block block(Side side, List<Put> rows, long until, Random random) {
    DimensionTable table = side.table();
    Projection columns = side.spec().all();
    Block block = new Block();
    while (System.nanoTime() < until) {
      Key key = rows.get(random.nextInt(rows.size())).key();
      long begin = System.nanoTime();
      try {
        var unused = table.get(List.of(key), columns).toCompletableFuture().join();
        block.add(System.nanoTime() - begin);
      } catch (CompletionException | StoreException e) {
        if (StoreException.find(e) == null) {
          throw e;
        }
        block.failed++;
      }
    }
    return block;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "migration-lookups");
    thread.setDaemon(true);
    return thread;
  }
}
