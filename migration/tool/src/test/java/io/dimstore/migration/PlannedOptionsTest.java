// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan states holds for all later commands. */
class PlannedOptionsTest {

  private static final String[] PLAN = {
    "plan",
    "--mirror-option=intents-table=my_intents",
    "--mirror-option=mode.refresh=100 ms",
    "--mirror-option=mode.validity=300 ms",
    "--mirror-option=deadline=200 ms"
  };

  private final String from = "from-" + UUID.randomUUID();
  private final String to = "to-" + UUID.randomUUID();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final DimensionStore old = side(from);
  private final DimensionStore target = side(to);
  @TempDir Path folder;
  private Path sql;

  @BeforeEach
  void declare() throws Exception {
    sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_moving (id STRING, level BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_moving.options})");
    TableSpec spec = Dimensions.in(sql).get(0).storedAs("dim_moving", Map.of());
    old.createIfAbsent(spec).toCompletableFuture().join();
    old.table(spec)
        .write(List.of(new Put(Key.of("k"), Row.of(1L), 1)))
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void close() {
    old.close();
    target.close();
    MemoryStores.clear(from);
    MemoryStores.clear(to);
  }

  @Test
  void everyStepCountsTheWritesThatThePlannedTableOfIntentsHas() {
    expect(0, PLAN);
    plantIntent("my_intents");
    expect(0, "status");
    assertThat(out.toString()).contains("pending writes: 3 keys");
    expect(0, "status", "--mirror-option=intents-table=my_intents");
  }

  @Test
  void optionsThatContradictThePlanAreRefused() {
    expect(0, PLAN);
    expect(1, "preflight", "--mirror-option=intents-table=other");
    assertThat(err.toString())
        .contains("has --mirror-option intents-table=my_intents")
        .contains("gives 'other'");
    expect(1, "status", "--mirror-option=other.timeout=5 s");
    assertThat(err.toString()).contains("has no --mirror-option other.timeout");
  }

  @Test
  void planRefusesUnknownOptionsAndThoseOfTheTwoStores() {
    expect(2, "plan", "--mirror-option=intent-table=x");
    assertThat(err.toString()).contains("did you mean 'intents-table'?");
    expect(2, "plan", "--mirror-option=from.password=x");
    assertThat(err.toString()).contains("use --from-option or --to-option");
  }

  @Test
  void propagationIsTheSumOfTheTimesThatTheJobsSet() {
    expect(2, "plan", "--propagation=1s", PLAN[2], PLAN[3], "--mirror-option=deadline=1 s");
    assertThat(err.toString()).contains("must be at least 1300ms");
    expect(0, PLAN);
    assertThat(state()).contains("\"propagation\":\"PT0.5S\"");
  }

  /** Its process has a clock that is an hour ahead: times of two machines prove no order. */
  @Test
  void backfillThatBeganBeforeTheMirroringIsRefusedWhateverItsClockSaid() {
    expect(0, PLAN);
    expect(0, "preflight", "--all-writers-use-dimstore");
    long ahead = System.currentTimeMillis() + 3_600_000;
    plantLedger(ahead);
    expect(0, "start");
    expect(1, "backfill", "--impact-factor=0");
    assertThat(err.toString()).contains("began before every write went to both stores");
    expect(0, "backfill", "--impact-factor=0", "--restart");
    assertThat(state()).contains("\"phase\":\"COPIED\"");
  }

  /** Its process has a clock that is an hour late. */
  @Test
  void backfillThatBeganAfterTheMirroringCountsWhateverItsClockSaid() {
    expect(0, PLAN);
    expect(0, "preflight", "--all-writers-use-dimstore");
    expect(0, "start");
    expect(0, "backfill", "--impact-factor=0");
    SharedRecords records = target.capability(SharedRecords.class).orElseThrow();
    SharedRecord run = read(records, "backfill/dim_moving/run");
    assertThat(run.content()).contains("\"mirroring\":");
    expect(0, "rollback");
    expect(0, "start");
    expect(1, "backfill", "--impact-factor=0");
    assertThat(err.toString()).contains("began before every write went to both stores");
  }

  private void plantLedger(long createdAtMillis) {
    SharedRecords records = target.capability(SharedRecords.class).orElseThrow();
    String layout =
        io.dimstore.migration.hash.RowHash.layoutOf(
            Dimensions.in(sql).get(0).storedAs("dim_moving", Map.of()));
    String content =
        "{\"format\":\"dimstore-backfill/1\",\"plan\":\"planted\",\"splits\":0,"
            + "\"from\":\"memory:dim_moving\",\"to\":\"memory:dim_moving\",\"layout\":\""
            + layout
            + "\",\"createdAtMillis\":"
            + createdAtMillis
            + "}";
    assertThat(records.replace("backfill/dim_moving/run", 0, content).toCompletableFuture().join())
        .isTrue();
  }

  private String state() {
    return read(target.capability(SharedRecords.class).orElseThrow(), "migration/dim_moving/state")
        .content();
  }

  private static SharedRecord read(SharedRecords records, String name) {
    return records.read(name).toCompletableFuture().join().orElseThrow();
  }

  /** Leaves an intent of three keys, as a job with another declaration of the columns does. */
  private void plantIntent(String table) {
    TableSpec spec =
        new TableSpec(
            table,
            List.of(
                new Column("intent", DataType.STRING),
                new Column("pending", DataType.BYTES),
                new Column("pending_keys", DataType.Simple.INT),
                new Column("since", DataType.Simple.BIGINT),
                new Column("reason", DataType.STRING)),
            List.of("intent"));
    old.createIfAbsent(spec).toCompletableFuture().join();
    old.table(spec)
        .write(
            List.of(
                new Put(
                    Key.of("dim_moving/columns/1"), Row.of(new byte[] {1}, 3, 1L, "planted"), 1)))
        .toCompletableFuture()
        .join();
  }

  private static DimensionStore side(String instance) {
    return DimensionStores.open(
        "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
  }

  private void expect(int exitCode, String... arguments) {
    assertThat(run(arguments))
        .as(String.join(" ", arguments) + "\n" + out + err)
        .isEqualTo(exitCode);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments[0], "--sql", sql.toString()));
    all.addAll(List.of("--from=memory", "--from-option=instance=" + from));
    all.addAll(List.of("--to=memory", "--to-option=instance=" + to));
    all.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    return MigrateMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
