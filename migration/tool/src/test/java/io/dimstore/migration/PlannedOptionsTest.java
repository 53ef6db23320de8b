// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.hash.RowHash;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.TableSpec;
import java.nio.file.Path;
import java.util.List;
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

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore old;
  private DimensionStore target;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "memory");
    old = moving.openOld();
    target = moving.openTarget();
    old.table(moving.spec())
        .write(List.of(new Put(Key.of("k"), Row.of(1L), 1)))
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void close() {
    old.close();
    target.close();
    moving.close();
  }

  @Test
  void everyStepCountsTheWritesThatThePlannedTableOfIntentsHas() {
    moving.expect(0, PLAN);
    plantIntent("my_intents");
    moving.expect(0, "status");
    assertThat(moving.out()).contains("pending writes: 3 keys");
    moving.expect(0, "status", "--mirror-option=intents-table=my_intents");
  }

  @Test
  void optionsThatContradictThePlanAreRefused() {
    moving.expect(0, PLAN);
    moving.expect(1, "preflight", "--mirror-option=intents-table=other");
    assertThat(moving.err())
        .contains("has --mirror-option intents-table=my_intents")
        .contains("gives 'other'");
    moving.expect(1, "status", "--mirror-option=other.timeout=5 s");
    assertThat(moving.err()).contains("has no --mirror-option other.timeout");
  }

  @Test
  void planRefusesUnknownOptionsAndThoseOfTheTwoStores() {
    moving.expect(2, "plan", "--mirror-option=intent-table=x");
    assertThat(moving.err()).contains("did you mean 'intents-table'?");
    moving.expect(2, "plan", "--mirror-option=from.password=x");
    assertThat(moving.err()).contains("use --from-option or --to-option");
  }

  @Test
  void propagationIsTheSumOfTheTimesThatTheJobsSet() {
    moving.expect(2, "plan", "--propagation=1s", PLAN[2], PLAN[3], "--mirror-option=deadline=1 s");
    assertThat(moving.err()).contains("must be at least 1300ms");
    moving.expect(0, PLAN);
    assertThat(state()).contains("\"propagation\":\"PT0.5S\"");
  }

  /** Its process has a clock that is an hour ahead: times of two machines prove no order. */
  @Test
  void backfillThatBeganBeforeTheMirroringIsRefusedWhateverItsClockSaid() {
    moving.expect(0, PLAN);
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
    long ahead = System.currentTimeMillis() + 3_600_000;
    plantLedger(ahead);
    moving.expect(0, "start");
    moving.expect(1, "backfill", "--impact-factor=0");
    assertThat(moving.err()).contains("began before every write went to both stores");
    moving.expect(0, "backfill", "--impact-factor=0", "--restart");
    assertThat(state()).contains("\"phase\":\"COPIED\"");
  }

  /** Its process has a clock that is an hour late. */
  @Test
  void backfillThatBeganAfterTheMirroringCountsWhateverItsClockSaid() {
    moving.expect(0, PLAN);
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
    SharedRecords records = target.capability(SharedRecords.class).orElseThrow();
    SharedRecord run = read(records, "backfill/dim_moving/run");
    assertThat(run.content()).contains("\"mirroring\":");
    moving.expect(0, "rollback");
    moving.expect(0, "start");
    moving.expect(1, "backfill", "--impact-factor=0");
    assertThat(moving.err()).contains("began before every write went to both stores");
  }

  private void plantLedger(long createdAtMillis) {
    SharedRecords records = target.capability(SharedRecords.class).orElseThrow();
    String layout = RowHash.layoutOf(moving.spec());
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
}
