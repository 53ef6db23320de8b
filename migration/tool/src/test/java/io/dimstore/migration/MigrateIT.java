// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.backfill.Backfill;
import io.dimstore.migration.backfill.BackfillRun;
import io.dimstore.migration.backfill.RangeLedger;
import io.dimstore.migration.backfill.SplitProgress;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.migration.verify.LiveWriters;
import io.dimstore.migration.verify.VerifyResult;
import io.dimstore.migration.verify.VerifyUnderLiveWritesTest;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Moves a table from HBase and Redis to DynamoDB while it is written. */
@Timeout(120)
class MigrateIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis", "dynamodb");

  private static final int ROWS = 12_000;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Calls calls = new Calls(Clock.SYSTEM, Duration.ofSeconds(30));
  @TempDir Path folder;
  private Path sql;
  private StoreTable from;
  private StoreTable to;

  @BeforeEach
  void declare() throws Exception {
    sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_moving (id STRING, name STRING, level INT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_moving.options})");
    TableSpec spec = Dimensions.in(sql).get(0).storedAs("dim_moving", Map.of());
    DynamoDbEndpoint dynamoDb = stack.dynamoDb();
    from =
        new StoreTable(
            "hbase-redis",
            Map.of(
                "zookeeper.quorum",
                stack.hbase().address(),
                "redis.host",
                "127.0.0.1",
                "redis.port",
                Integer.toString(stack.redis().port()),
                // A cold process on a busy machine needs longer than the defaults.
                "redis.timeout",
                "5 s"),
            spec);
    to =
        new StoreTable(
            "dynamodb",
            Map.of(
                "endpoint",
                dynamoDb.address(),
                "region",
                dynamoDb.region(),
                "access-key",
                dynamoDb.accessKeyId(),
                "secret-key",
                dynamoDb.secretAccessKey(),
                "attempt-timeout",
                "5 s"),
            spec);
  }

  private List<String> arguments(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--sql", sql.toString()));
    arguments.addAll(List.of("--from", from.store(), "--to", to.store()));
    from.storeOptions().forEach((n, v) -> arguments.addAll(List.of("--from-option", n + "=" + v)));
    to.storeOptions().forEach((n, v) -> arguments.addAll(List.of("--to-option", n + "=" + v)));
    arguments.addAll(Arrays.asList(more));
    return arguments;
  }

  private int run(List<String> arguments) {
    return MigrateMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void tableMovesUnderLiveWritesAlthoughTheBackfillIsKilled() throws Exception {
    try (DimensionStore source = from.open();
        DimensionStore target = to.open()) {
      source.createIfAbsent(from.spec()).toCompletableFuture().join();
      target.createIfAbsent(to.spec()).toCompletableFuture().join();
      Side fromSide = BackfillCommand.side(from, source);
      Side toSide = BackfillCommand.side(to, target);
      fill(fromSide);
      RangeLedger ledger =
          Backfill.ledger(target.capability(SharedRecords.class).orElseThrow(), toSide, calls);
      try (LiveWriters writers = new LiveWriters(fromSide.table(), toSide.table(), ROWS, 2, 1)) {
        kill(ledger);
        Path json = folder.resolve("backfill.json");
        assertThat(
                run(
                    arguments(
                        "backfill", "--lease=2s", "--impact-factor=0", "--json", json.toString())))
            .as(err.toString())
            .isZero();
        JsonNode copied = new ObjectMapper().readTree(json.toFile());
        assertThat(copied.path("state").asText()).isEqualTo("COMPLETE");
        assertThat(copied.path("rows").asLong() + copied.path("tombstones").asLong())
            .isGreaterThan(ROWS * 9 / 10);
        assertThat(copied.path("entriesByThisProcess").asLong())
            .as("the killed process had copied a part")
            .isLessThan(copied.path("rows").asLong() + copied.path("tombstones").asLong());

        VerifyResult live = VerifyUnderLiveWritesTest.verify(fromSide, toSide, writers.clock());
        assertThat(live.examples()).isEmpty();
        assertThat(live.differentKeys()).isZero();
      }
      assertThat(run(arguments("verify", "--settle=1s", "--impact-factor=0")))
          .as(out + "\n" + err)
          .isZero();
      assertThat(out.toString()).contains("verdict: equal", "cache of hbase-redis:dim_moving");
      singleKeysAreReadAsTheyAreScanned(fromSide, toSide);

      Key key = Key.of("planted");
      toSide
          .table()
          .write(List.of(new Put(key, Row.of("wrong", 1), 1)))
          .toCompletableFuture()
          .join();
      Path json = folder.resolve("verify.json");
      assertThat(run(arguments("verify", "--settle=1s", "--json", json.toString())))
          .as(out + "\n" + err)
          .isEqualTo(3);
      VerifyResult planted = new ObjectMapper().readValue(json.toFile(), VerifyResult.class);
      assertThat(planted.isGenuine()).isTrue();
      assertThat(planted.examples()).hasSize(1);
      assertThat(planted.examples().get(0).key()).isEqualTo("[planted]");
      assertThat(planted.impact().baselineMicros()).isPositive();
      assertThat(planted.copies().different()).isZero();
    }
  }

  private static void fill(Side side) {
    List<Change> rows = MemoryTables.mixed(ROWS, System.currentTimeMillis());
    for (int i = 0; i < ROWS; i += 2_000) {
      side.table().write(rows.subList(i, i + 2_000)).toCompletableFuture().join();
    }
  }

  /** Starts a backfill in a process of its own, and kills it when it has copied a part. */
  private void kill(RangeLedger ledger) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MigrateMain.class.getName());
    command.addAll(
        arguments(
            "backfill",
            "--lease=2s",
            "--impact-factor=0",
            "--batch=100",
            "--rows-per-second=3000"));
    Path log = folder.resolve("killed.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (copied(ledger) < 500) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    } finally {
      process.destroyForcibly().waitFor(); // kill -9
    }
    BackfillRun run = ledger.run();
    assertThat(ledger.progress(run).stream().allMatch(SplitProgress::isDone))
        .as("the backfill was not at its end")
        .isFalse();
  }

  private static long copied(RangeLedger ledger) throws InterruptedException {
    BackfillRun run = ledger.run();
    return run == null ? 0 : ledger.progress(run).stream().mapToLong(split -> split.rows()).sum();
  }

  private void singleKeysAreReadAsTheyAreScanned(Side fromSide, Side toSide) throws Exception {
    List<Key> keys = IntStream.range(0, 2_000).mapToObj(i -> Key.of("k" + i)).toList();
    for (Side side : List.of(fromSide, toSide)) {
      Map<String, Change> scanned = MemoryTables.content(side.table());
      assertThat(scanned).hasSizeGreaterThan(ROWS / 2);
      new StoredReader(side.table(), side.spec(), calls)
          .read(keys)
          .forEach(
              (key, held) -> {
                assertThat(held.unreadable()).isNull();
                assertThat(held.change()).isEqualTo(scanned.get(key.toString()));
              });
    }
  }
}
