// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import io.dimstore.memory.MemoryStores;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.MapRecords;
import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.SplitReader;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStack;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures a backfill against a plain scan of its source and a plain write to a table like its
 * target. The three alternate in one run, each with the same threads and pages; each write goes to
 * a new table. Arguments: {@code memory} or {@code servers}, rows, blocks.
 */
public final class BackfillThroughput {

  private static final BackfillSettings SETTINGS = BackfillSettings.defaults();

  private BackfillThroughput() {}

  /** Opens a store. */
  private interface Stores {
    DimensionStore open(String side);

    /** Frees what a block has written. */
    void drop(String side);
  }

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[1]);
    int blocks = Integer.parseInt(args[2]);
    if (args[0].equals("memory")) {
      measure(
          new Stores() {
            @Override
            public DimensionStore open(String side) {
              return DimensionStores.open(
                  "memory", Map.of("instance", side), StoreMetrics.NONE, InstantSource.system());
            }

            @Override
            public void drop(String side) {
              MemoryStores.clear(side);
            }
          },
          rows,
          blocks);
      return;
    }
    try (LocalStack stack = LocalStack.start("hbase", "redis", "dynamodb")) {
      measure(
          new Stores() {
            @Override
            public DimensionStore open(String side) {
              DynamoDbEndpoint service = stack.dynamoDb();
              return side.equals("from")
                  ? DimensionStores.open(
                      "hbase-redis",
                      Map.of(
                          "zookeeper.quorum",
                          stack.hbase().address(),
                          "redis.host",
                          "127.0.0.1",
                          "redis.port",
                          Integer.toString(stack.redis().port())),
                      StoreMetrics.NONE,
                      InstantSource.system())
                  : DimensionStores.open(
                      "dynamodb",
                      Map.of(
                          "endpoint",
                          service.address(),
                          "region",
                          service.region(),
                          "access-key",
                          service.accessKeyId(),
                          "secret-key",
                          service.secretAccessKey()),
                      StoreMetrics.NONE,
                      InstantSource.system());
            }

            @Override
            public void drop(String side) {}
          },
          rows,
          blocks);
    }
  }

  private static void measure(Stores stores, int rows, int blocks) throws Exception {
    TableSpec spec = spec("source");
    try (DimensionStore source = stores.open("from")) {
      source.createIfAbsent(spec).toCompletableFuture().join();
      DimensionTable from = source.table(spec);
      for (int begin = 0; begin < rows; begin += 10_000) {
        List<Change> batch = new ArrayList<>();
        for (int i = begin; i < Math.min(rows, begin + 10_000); i++) {
          batch.add(MemoryTables.row(i, "a name of some length " + i, 1_000_000 + i));
        }
        from.write(batch).toCompletableFuture().join();
      }
      double[][] rates = new double[3][blocks];
      for (int block = -1; block < blocks; block++) { // the first one warms up
        for (int i = 0; i < 3; i++) {
          int what = Math.floorMod(block + i, 3);
          double rate = rows / seconds(what, stores, from, spec, "b" + block + "w" + what);
          if (block >= 0) {
            rates[what][block] = rate;
          }
        }
        if (block >= 0) {
          System.out.printf(
              "block %d: scan %,.0f, write %,.0f, backfill %,.0f rows/s%n",
              block, rates[0][block], rates[1][block], rates[2][block]);
        }
      }
      double[] ratios = new double[blocks];
      Arrays.setAll(ratios, b -> rates[2][b] / Math.min(rates[0][b], rates[1][b]));
      System.out.println("backfill / min(scan, write): " + Arrays.toString(ratios));
      Arrays.sort(ratios);
      System.out.printf("median %.2f%n", ratios[blocks / 2]);
    }
  }

  private static TableSpec spec(String name) {
    return new TableSpec(name, MemoryTables.SPEC.columns(), MemoryTables.SPEC.keyColumns());
  }

  private static double seconds(
      int what, Stores stores, DimensionTable from, TableSpec spec, String block) throws Exception {
    if (what == 0) {
      long begin = System.nanoTime();
      scan(from, spec, null);
      return (System.nanoTime() - begin) / 1e9;
    }
    Queue<List<Change>> pages = new ConcurrentLinkedQueue<>();
    if (what == 1) {
      scan(from, spec, pages);
    }
    TableSpec copy = spec("copy-" + block);
    try (DimensionStore target = stores.open("to" + block)) {
      target.createIfAbsent(copy).toCompletableFuture().join();
      DimensionTable to = target.table(copy);
      long begin = System.nanoTime();
      if (what == 1) {
        write(to, pages);
      } else {
        new Backfill(
                new Side("from", spec, from),
                new Side("to", copy, to),
                new MapRecords(),
                SETTINGS,
                BackfillListener.NONE)
            .run(false);
      }
      return (System.nanoTime() - begin) / 1e9;
    } finally {
      stores.drop("to" + block);
    }
  }

  private static void scan(DimensionTable from, TableSpec spec, Queue<List<Change>> pages)
      throws Exception {
    Calls calls = new Calls(Clock.SYSTEM, Duration.ofMinutes(1));
    ScanOptions all = new ScanOptions(spec.all(), null, null, true);
    Queue<ScanSplit> splits =
        new ConcurrentLinkedQueue<>(
            from.splits(SETTINGS.splits(), all).toCompletableFuture().join());
    parallel(
        () -> {
          for (ScanSplit split = splits.poll(); split != null; split = splits.poll()) {
            SplitReader reader =
                new SplitReader(from, split, SETTINGS.pageSize(), calls, Clock.SYSTEM);
            for (SplitReader.Page page = reader.next(); page != null; page = reader.next()) {
              if (pages != null) {
                pages.add(page.page().changes());
              }
            }
          }
          return null;
        });
  }

  private static void write(DimensionTable to, Queue<List<Change>> pages) throws Exception {
    parallel(
        () -> {
          Deque<CompletionStage<Void>> inFlight = new ArrayDeque<>();
          for (List<Change> page = pages.poll(); page != null; page = pages.poll()) {
            inFlight.add(to.write(page));
            if (inFlight.size() >= SETTINGS.pagesInFlight()) {
              inFlight.remove().toCompletableFuture().get();
            }
          }
          for (CompletionStage<Void> each : inFlight) {
            each.toCompletableFuture().get();
          }
          return null;
        });
  }

  private static void parallel(Callable<Object> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(SETTINGS.parallelism());
    try {
      List<Future<Object>> ends = new ArrayList<>();
      for (int i = 0; i < SETTINGS.parallelism(); i++) {
        ends.add(threads.submit(work));
      }
      for (Future<Object> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
