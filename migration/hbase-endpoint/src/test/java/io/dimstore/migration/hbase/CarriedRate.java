// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static io.dimstore.migration.hbase.CarriedTables.F;
import static io.dimstore.migration.hbase.CarriedTables.G;
import static io.dimstore.migration.hbase.CarriedTables.put;
import static io.dimstore.migration.hbase.CarriedTables.spec;
import static io.dimstore.migration.hbase.ReplicatedHBase.await;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Measures how many rows a second the endpoint carries to DynamoDB, against plain writes of equal
 * rows by the same client with as many batches of the same size at a time. The two alternate; each
 * writes to a new table. {@code -Drate.rows} sets the rows of a block, {@code -Drate.blocks} the
 * blocks. Not a part of the build.
 */
class CarriedRate {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final int ROWS = Integer.getInteger("rate.rows", 20_000);
  private static final int BLOCKS = Integer.getInteger("rate.blocks", 3);
  private static final int BATCH = 100;
  private static final int THREADS = 4;

  @Test
  void rowsPerSecond() throws Exception {
    try (CarriedTables servers =
        new CarriedTables(ReplicatedHBase.start(Map.of()), stack.dynamoDb())) {
      for (int block = 0; block < BLOCKS; block++) {
        double plain = plain(servers, "plain" + block);
        double carried = carried(servers, "carried" + block);
        System.out.printf(
            Locale.ROOT,
            "block %d: plain writes %.0f rows/s, carried %.0f rows/s, ratio %.2f%n",
            block,
            plain,
            carried,
            carried / plain);
      }
    }
  }

  private static double plain(CarriedTables servers, String name) throws Exception {
    servers.create(name, F, G);
    DimensionTable table = servers.dynamodb().table(spec(name));
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long start = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int from = next.getAndAdd(BATCH);
                      from < ROWS;
                      from = next.getAndAdd(BATCH)) {
                    List<Change> rows = new ArrayList<>(BATCH);
                    for (int row = from; row < Math.min(ROWS, from + BATCH); row++) {
                      rows.add(
                          new Put(Key.of("row-" + row), Row.of("a" + row, "b", (long) row), 10));
                    }
                    CompletableFuture<Void> written = table.write(rows).toCompletableFuture();
                    written.join();
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      return ROWS / ((System.nanoTime() - start) / 1e9);
    } finally {
      threads.shutdown();
    }
  }

  private static double carried(CarriedTables servers, String name) throws Exception {
    servers.create(name, F, G);
    servers.addPeer(
        name,
        Map.of(
            "dimstore.batch-rows", "" + BATCH,
            "dimstore.threads", "" + THREADS,
            "dimstore.store.deadline", "10 s"),
        name);
    try (Admin admin = servers.connection().getAdmin();
        Table table = servers.table(name)) {
      admin.disableReplicationPeer(name);
      List<org.apache.hadoop.hbase.client.Put> rows = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        rows.add(put(Bytes.toBytes("row-" + row), 10, "a" + row, "b", (long) row));
        if (rows.size() == 1_000) {
          table.put(rows);
          rows.clear();
        }
      }
      table.put(rows);
      // The log is carried in its order.
      table.put(put(Bytes.toBytes("the-last"), 10, "x", null, null));
      DimensionTable target = servers.dynamodb().table(spec(name));
      long start = System.nanoTime();
      admin.enableReplicationPeer(name);
      await(
          "the last row",
          () ->
              target
                      .get(List.of(Key.of("the-last")), spec(name).all())
                      .toCompletableFuture()
                      .get()
                      .get(0)
                  != null);
      double seconds = (System.nanoTime() - start) / 1e9;
      return ROWS / seconds;
    }
  }
}
