// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.commands.FeatureCluster.Run;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.migration.MigrateMain;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.StackOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The writer, the feature job and a backfill on a Flink cluster whose JobManager and TaskManager
 * are processes of their own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

  private static final int EVENTS = 2_000;
  private static final String STORE = "dynamodb";

  @TempDir private static Path folder;

  /** How often jobs are submitted with each store. */
  private static final int CYCLES = Integer.getInteger("cycles", 2);

  private static final int CYCLE_EVENTS = 20;

  private static FeatureCluster cluster;
  private static LeakCheck leaks;

  @BeforeAll
  static void startServers() throws Exception {
    cluster =
        FeatureCluster.start(
            StackOptions.of("flink", "kafka", "dynamodb", "hbase", "redis"), EVENTS);
    leaks = new LeakCheck(cluster.stack());
  }

  @AfterAll
  static void endServers() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void writerOnTheClusterWritesAllRowsAndPrintsItsCounts() {
    cluster.sendChanges();
    cluster.sendEvents(0, EVENTS / 4);

    Run run = cluster.write(STORE, "--bounded", "--follow", "--parallelism=2");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "(?m)^[0-9a-f]{32}  "
                + cluster.stack().flink().address()
                + "/#/job/running/[0-9a-f]{32}/overview$")
        .containsPattern("(?m)^user +[0-9,]+ ")
        .containsPattern("(?m)^item +[0-9,]+ ");
    assertThat(cluster.job("list", "--ended").out()).containsPattern("FINISHED .* dim-writer");
  }

  @Test
  @Order(2)
  void featuresAreExactThoughTheTaskManagerIsKilledAndTheJobRescaledStoppedAndContinued()
      throws Exception {
    Run submitted = cluster.features(STORE);
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    cluster.awaitFeatures(EVENTS / 4);

    ProcessHandle killed = cluster.killTaskManager();
    cluster.sendEvents(EVENTS / 4, EVENTS / 2);
    cluster.awaitFeatures(EVENTS / 2);
    assertThat(cluster.taskManager()).isNotEqualTo(killed);

    Run rescaled = cluster.job("rescale", "features-both", "--parallelism=2");
    assertThat(rescaled.out()).as(rescaled.err()).contains(" runs with parallelism 2");
    assertThat(cluster.job("list").out()).containsPattern("RUNNING +2 .* features-both");
    cluster.sendEvents(EVENTS / 2, EVENTS * 3 / 4);

    Run saved = cluster.job("savepoint", "features-both");
    assertThat(saved.exit()).as(saved.err()).isZero();
    assertThat(Path.of(URI.create(saved.out().strip()))).isDirectory();
    Run stopped = cluster.job("stop", "features-both");
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    cluster.sendEvents(EVENTS * 3 / 4, EVENTS);

    Run continued = cluster.features(STORE, "--from-savepoint", stopped.out().strip());
    assertThat(continued.exit()).as(continued.err()).isZero();
    cluster.awaitFeatures(EVENTS);
    assertThat(cluster.job("stop", "features-both").exit()).isZero();

    cluster.assertExact(EVENTS);
  }

  /** The ledger, not Flink, knows the progress: nothing is lost, and no entry is counted twice. */
  @Test
  @Order(3)
  void backfillOnTheClusterIsWholeThoughTheTaskManagerIsKilled() throws Exception {
    int rows = 6_000;
    Path sql = folder.resolve("copied.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_copied (id STRING, level BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_copied.options})");
    TableSpec source = Dimensions.in(sql).get(0).storedAs("copied_from", Map.of());
    TableSpec target = Dimensions.in(sql).get(0).storedAs("copied_to", Map.of());
    try (DimensionStore store =
        DimensionStores.open(
            STORE, cluster.storeOptions(STORE), StoreMetrics.NONE, InstantSource.system())) {
      store.createIfAbsent(source).toCompletableFuture().join();
      for (int from = 0; from < rows; from += 500) {
        List<Change> page =
            IntStream.range(from, from + 500)
                .<Change>mapToObj(i -> new Put(Key.of("k" + i), Row.of((long) i), 1_000L + i))
                .toList();
        store.table(source).write(page).toCompletableFuture().join();
      }
      CompletableFuture<Run> copy =
          CompletableFuture.supplyAsync(
              () ->
                  FeatureCluster.run(
                      MigrateMain.commandLine(),
                      copied(
                          sql,
                          "backfill",
                          cluster.cluster(),
                          "--follow",
                          "--processes=2",
                          "--rows-per-second=300",
                          "--batch=100",
                          "--lease=3s",
                          "--impact-factor=0")));
      FeatureCluster.await("rows are copied", () -> copy.isDone() || isCopied(store, target));
      assertThat(copy).isNotDone();
      cluster.killTaskManager();

      Run copied = copy.get(5, TimeUnit.MINUTES);
      assertThat(copied.exit()).as(copied.err()).isZero();
      assertThat(copied.out())
          .contains("6,000 rows and 0 tombstones copied, 0 unreadable, 0 refused")
          .containsPattern("(?m)^[0-9a-f]{32}  " + cluster.stack().flink().address());
    }
    Run verified =
        FeatureCluster.run(MigrateMain.commandLine(), copied(sql, "verify", "--impact-factor=0"));
    assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains("6,000 rows = 6,000 equal");
    assertThat(cluster.job("list", "--ended").out())
        .containsPattern("FINISHED .* backfill copied_from");
  }

  @Test
  @Order(4)
  void jobsThatEndLeaveNothingInTheProcessesOfTheClusterAndTheirRowsAreExact() throws Exception {
    // The backfill opened its stores without the connector, and so without its hook.
    cluster.killTaskManager();
    leaks.awaitNothing("the start");
    String other = "hbase-redis";
    Run written = cluster.write(other, "--bounded", "--follow");
    assertThat(written.exit()).as(written.err()).isZero();
    leaks.awaitNothing("the writer of " + other);
    assertThat(cluster.scanUsers(other)).isPositive();
    leaks.awaitNothing("a scan of " + other);

    new JobCycles(cluster.withTopics("cycle-"), leaks, List.of(STORE, other), CYCLE_EVENTS)
        .run(CYCLES);
  }

  private static boolean isCopied(DimensionStore store, TableSpec target) {
    List<Key> keys = IntStream.range(0, 300).mapToObj(i -> Key.of("k" + i)).toList();
    try {
      return store.table(target).get(keys, target.all()).toCompletableFuture().join().stream()
          .anyMatch(Objects::nonNull);
    } catch (CompletionException e) {
      // The command has not created the table yet.
      return false;
    }
  }

  private static String[] copied(Path sql, String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--sql=" + sql));
    words.addAll(List.of("--from=" + STORE, "--from-table=copied_from"));
    words.addAll(List.of("--to=" + STORE, "--to-table=copied_to"));
    cluster
        .storeOptions(STORE)
        .forEach(
            (name, value) -> {
              words.add("--from-option=" + name + "=" + value);
              words.add("--to-option=" + name + "=" + value);
            });
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
