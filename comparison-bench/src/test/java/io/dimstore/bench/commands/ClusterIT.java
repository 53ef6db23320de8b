// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.dimstore.stack.LocalStack;
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

  @TempDir private static Path folder;

  private static LocalStack stack;
  private static JobsOnCluster jobs;

  @BeforeAll
  static void startServers() {
    stack = LocalStack.start(StackOptions.of("flink", "kafka", "dynamodb"));
    jobs = new JobsOnCluster(stack, EVENTS);
  }

  @AfterAll
  static void endServers() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  @Order(1)
  void writerOnTheClusterWritesAllRowsAndPrintsItsCounts() {
    jobs.send(0, EVENTS / 4);

    JobsOnCluster.Run run = jobs.writeDimensions();

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "(?m)^[0-9a-f]{32}  "
                + stack.flink().address()
                + "/#/job/running/[0-9a-f]{32}/overview$")
        .containsPattern("(?m)^user +[0-9,]+ ")
        .containsPattern("(?m)^item +[0-9,]+ ");
    assertThat(jobs.job("list", "--ended").out()).containsPattern("FINISHED .* dim-writer");
  }

  @Test
  @Order(2)
  void featuresAreExactThoughTheTaskManagerIsKilledAndTheJobRescaledStoppedAndContinued()
      throws Exception {
    JobsOnCluster.Run submitted = jobs.submitFeatures();
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    jobs.awaitFeatures(EVENTS / 4);

    ProcessHandle killed = taskManager();
    killed.destroyForcibly();
    killed.onExit().get(1, TimeUnit.MINUTES);
    jobs.send(EVENTS / 4, EVENTS / 2);
    jobs.awaitFeatures(EVENTS / 2);
    assertThat(taskManager()).isNotEqualTo(killed);

    JobsOnCluster.Run rescaled = jobs.job("rescale", "features-both", "--parallelism=2");
    assertThat(rescaled.out()).as(rescaled.err()).contains(" runs with parallelism 2");
    assertThat(jobs.job("list").out()).containsPattern("RUNNING +2 .* features-both");
    jobs.send(EVENTS / 2, EVENTS * 3 / 4);

    JobsOnCluster.Run saved = jobs.job("savepoint", "features-both");
    assertThat(saved.exit()).as(saved.err()).isZero();
    assertThat(Path.of(URI.create(saved.out().strip()))).isDirectory();
    JobsOnCluster.Run stopped = jobs.job("stop", "features-both");
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    jobs.send(EVENTS * 3 / 4, EVENTS);

    JobsOnCluster.Run continued = jobs.submitFeatures("--from-savepoint", stopped.out().strip());
    assertThat(continued.exit()).as(continued.err()).isZero();
    jobs.awaitFeatures(EVENTS);
    assertThat(jobs.job("stop", "features-both").exit()).isZero();

    jobs.assertFeaturesAreExact();
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
            "dynamodb", jobs.dynamoDbOptions(), StoreMetrics.NONE, InstantSource.system())) {
      store.createIfAbsent(source).toCompletableFuture().join();
      for (int from = 0; from < rows; from += 500) {
        List<Change> page =
            IntStream.range(from, from + 500)
                .<Change>mapToObj(i -> new Put(Key.of("k" + i), Row.of((long) i), 1_000L + i))
                .toList();
        store.table(source).write(page).toCompletableFuture().join();
      }
      CompletableFuture<JobsOnCluster.Run> copy =
          CompletableFuture.supplyAsync(
              () ->
                  JobsOnCluster.run(
                      MigrateMain.commandLine(),
                      copied(
                          sql,
                          "backfill",
                          jobs.cluster(),
                          "--follow",
                          "--processes=2",
                          "--rows-per-second=300",
                          "--batch=100",
                          "--lease=3s",
                          "--impact-factor=0")));
      JobsOnCluster.await("rows are copied", () -> copy.isDone() || isCopied(store, target));
      assertThat(copy).isNotDone();
      ProcessHandle killed = taskManager();
      killed.destroyForcibly();
      killed.onExit().get(1, TimeUnit.MINUTES);

      JobsOnCluster.Run copied = copy.get(5, TimeUnit.MINUTES);
      assertThat(copied.exit()).as(copied.err()).isZero();
      assertThat(copied.out())
          .contains("6,000 rows and 0 tombstones copied, 0 unreadable, 0 refused")
          .containsPattern("(?m)^[0-9a-f]{32}  " + stack.flink().address());
    }
    JobsOnCluster.Run verified =
        JobsOnCluster.run(MigrateMain.commandLine(), copied(sql, "verify", "--impact-factor=0"));
    assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains("6,000 rows = 6,000 equal");
    assertThat(jobs.job("list", "--ended").out())
        .containsPattern("FINISHED .* backfill copied_from");
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
    words.addAll(List.of("--from=dynamodb", "--from-table=copied_from"));
    words.addAll(List.of("--to=dynamodb", "--to-table=copied_to"));
    jobs.dynamoDbOptions()
        .forEach(
            (name, value) -> {
              words.add("--from-option=" + name + "=" + value);
              words.add("--to-option=" + name + "=" + value);
            });
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static ProcessHandle taskManager() throws Exception {
    JobsOnCluster.await("the TaskManager runs", () -> !stack.flink().taskManagers().isEmpty());
    return stack.flink().taskManagers().values().iterator().next();
  }
}
