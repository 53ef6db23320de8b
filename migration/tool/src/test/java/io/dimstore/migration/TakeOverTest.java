// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The new store is lost right after the cut-over: the old one takes over, while a job runs. */
@Timeout(120)
class TakeOverTest {

  private final String from = "from-" + UUID.randomUUID();
  private final String to = "to-" + UUID.randomUUID();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final DimensionStore old =
      DimensionStores.open(
          "memory", Map.of("instance", from), StoreMetrics.NONE, InstantSource.system());
  @TempDir Path folder;
  private Path sql;
  private TableSpec spec;

  @BeforeEach
  void declare() throws Exception {
    sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_moving (id STRING, level BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_moving.options})");
    spec = Dimensions.in(sql).get(0).storedAs("dim_moving", Map.of());
    old.createIfAbsent(spec).toCompletableFuture().join();
    write(old.table(spec), 1);
  }

  @AfterEach
  void close() {
    DownableMemoryFactory.bringBack(to);
    old.close();
    MemoryStores.clear(from);
    MemoryStores.clear(to);
  }

  @Test
  void oldStoreTakesOverAndTheMigrationBeginsAgainWhenTheNewOneIsBack() throws Exception {
    try (DimensionStore mirror = job()) {
      DimensionTable table = mirror.table(spec);
      expect(0, "plan", "--propagation=1s");
      expect(1, takeOver());
      assertThat(err.toString()).contains("No migration of dim_moving has been started");
      expect(0, "preflight", "--all-writers-use-dimstore");
      expect(0, "start");
      expect(0, "backfill", "--impact-factor=0");
      expect(0, "verify", "--settle=1s", "--impact-factor=0");
      expect(0, "cutover", "--force=a test");
      retried(() -> write(table, 2));

      expect(2, "rollback", "--without-new-store");
      expect(2, "rollback", "--reason=none");
      expect(1, takeOver());
      assertThat(err.toString()).contains("The new store answers");
      DownableMemoryFactory.takeDown(to);
      expect(1, "rollback");
      expect(0, takeOver());
      assertThat(out.toString()).contains("the old store decides and answers alone");
      retried(() -> write(table, 3));
      assertThat(level(table)).isEqualTo(3);
      assertThat(level(old.table(spec))).isEqualTo(3);

      DownableMemoryFactory.bringBack(to);
      expect(1, "reverse");
      assertThat(err.toString())
          .contains("The old store took over without the new one")
          .contains("the region is lost");
      assertThat(level(old.table(spec))).as("the old store goes on to decide").isEqualTo(3);
      expect(0, "rollback");
      expect(0, "status");
      assertThat(out.toString()).contains("phase ready").contains("the region is lost");
      retried(() -> write(table, 4));
      assertThat(level(old.table(spec))).isEqualTo(4);

      expect(0, "start");
      expect(1, "backfill", "--impact-factor=0");
      expect(0, "backfill", "--impact-factor=0", "--restart");
      expect(0, "verify", "--settle=1s", "--impact-factor=0");
      expect(0, "cutover", "--force=a test");
      assertThat(level(table)).isEqualTo(4);
    }
  }

  private static String[] takeOver() {
    return new String[] {"rollback", "--without-new-store", "--reason=the region is lost"};
  }

  private DimensionStore job() {
    return DimensionStores.open(
        "mirror",
        Map.of(
            "from.store", "memory",
            "from.instance", from,
            "to.store", "downable-memory",
            "to.instance", to,
            "mode.refresh", "100 ms",
            "mode.validity", "600 ms",
            "deadline", "400 ms"),
        StoreMetrics.NONE,
        InstantSource.system());
  }

  private static void write(DimensionTable table, long version) {
    table
        .write(List.of(new Put(Key.of("k"), Row.of(version), version)))
        .toCompletableFuture()
        .join();
  }

  private static long level(DimensionTable table) {
    Put row = table.get(List.of(Key.of("k")), Projection.of(0)).toCompletableFuture().join().get(0);
    return row == null ? 0 : row.version();
  }

  private static void retried(Runnable call) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        call.run();
        return;
      } catch (CompletionException e) {
        StoreException known = StoreException.find(e);
        if (known == null || !known.kind().isRetryable() || System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private void expect(int exitCode, String... arguments) {
    assertThat(run(arguments))
        .as(String.join(" ", arguments) + "\n" + out + err)
        .isEqualTo(exitCode);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments[0], "--sql", sql.toString()));
    all.addAll(List.of("--from=memory", "--from-option=instance=" + from));
    all.addAll(List.of("--to=downable-memory", "--to-option=instance=" + to));
    all.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    return MigrateMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
