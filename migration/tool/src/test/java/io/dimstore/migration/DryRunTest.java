// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A command with {@code --dry-run} says what it would do, and stores nothing. */
@Timeout(120)
class DryRunTest {

  private static final String[] PLAN = {"plan", "--propagation=10ms"};

  /** The table that the mirror keeps pending writes in, in both stores. */
  private static final TableSpec INTENTS =
      new TableSpec(
          "dimstore_mirror_intents",
          List.of(
              new Column("intent", DataType.STRING),
              new Column("pending", DataType.BYTES),
              new Column("pending_keys", DataType.Simple.INT),
              new Column("since", DataType.Simple.BIGINT),
              new Column("reason", DataType.STRING)),
          List.of("intent"));

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore old;
  private DimensionStore target;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "metered");
    old = moving.openOld();
    target = moving.openTarget();
    old.table(moving.spec())
        .write(
            List.of(
                new Put(Key.of("k"), Row.of(1L), 1),
                new Put(Key.of("l"), Row.of(2L), 1),
                new Delete(Key.of("m"), System.currentTimeMillis())))
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
  void noCommandStoresAnythingInAnyPhase() throws Exception {
    assertThat(commands().stream().map(command -> command.get(0)))
        .as("commands that are tried")
        .containsAll(
            MigrateMain.commandLine().getSubcommands().entrySet().stream()
                .filter(command -> !isHelp(command.getValue()))
                .map(Map.Entry::getKey)
                .toList());

    nothingIsStored("no plan");
    moving.expect(0, PLAN);
    nothingIsStored("planned");
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
    nothingIsStored("ready");
    moving.expect(0, "start");
    nothingIsStored("mirroring");
    moving.expect(0, "backfill", "--impact-factor=0");
    nothingIsStored("copied");
    moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
    nothingIsStored("verified");
    moving.expect(0, "ramp", "--share=0.5");
    nothingIsStored("ramping");
    moving.expect(0, "cutover", "--force=a test");
    nothingIsStored("cut-over");
    moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
    moving.expect(0, "reverse");
    nothingIsStored("reversed");
    moving.expect(0, "finish");
    nothingIsStored("finished");
  }

  @Test
  void planSaysWhatItWouldReplace() {
    assertThat(printed(0, "plan", "--propagation=1s", "--mismatch-rate=0.01", "--dry-run"))
        .contains("would be planned: dim_moving from memory to metered")
        .contains("each step would wait 1s")
        .contains("limit that is weaker than the default: ")
        .doesNotContain("replace");
    moving.expect(0, PLAN);
    assertThat(printed(0, "plan", "--dry-run")).contains("it would replace the plan of ");
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
    moving.expect(1, "plan", "--dry-run");
    assertThat(moving.err()).contains("its plan cannot change any more");
  }

  @Test
  void preflightChecksTheStores() {
    moving.expect(0, PLAN);
    assertThat(printed(0, "preflight", "--all-writers-use-dimstore", "--dry-run"))
        .contains("preflight may run");
  }

  @Test
  void backfillSaysWhatItWouldCopyAndWhetherItContinues() {
    assertThat(printed(0, "backfill", "--rows-per-second=5000", "--processes=3", "--dry-run"))
        .contains("would copy memory:dim_moving to metered:dim_moving, ")
        .contains("at most 5,000 rows per second")
        .contains("p99 of the lookups in memory becomes 2 times")
        .contains("divided by 3 processes")
        .contains("it would create table dim_moving in metered")
        .doesNotContain("continue");
    plan();
    moving.expect(1, "backfill", "--dry-run");
    assertThat(moving.err()).contains("backfill needs mirroring, copied, verified");
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
    assertThat(printed(0, "backfill", "--impact-factor=0", "--dry-run"))
        .contains(", 0 splits that are left")
        .contains("it would continue the backfill that began at ")
        .containsPattern("(\\d+) of \\1 splits done, 3 entries copied")
        .contains("lookups are not measured")
        .doesNotContain("create table");
    assertThat(printed(0, "backfill", "--restart", "--dry-run"))
        .contains("it would not continue the backfill that began at ");
  }

  @Test
  void verifySaysWhatItWouldCompare() {
    plan();
    moving.expect(1, "verify", "--dry-run");
    assertThat(moving.err()).contains("has no table 'dim_moving'");
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
    assertThat(printed(0, "verify", "--settle=7s", "--dry-run"))
        .contains("would compare memory:dim_moving, ")
        .contains(", with metered:dim_moving, ")
        .contains("no limit of rows per second")
        .contains("read again after 7s")
        .contains("it would begin anew")
        .contains("its result would be evidence of the migration");
  }

  @Test
  void stepsWithGatesSayWhetherTheyWouldBeRefused() {
    plan();
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
    moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
    assertThat(printed(3, "rollback", "--drill", "--dry-run"))
        .contains("rollback would be refused: ", "there is nothing to go back from");
    assertThat(printed(0, "ramp", "--share=0.5", "--dry-run")).contains("ramp may run: ");
    assertThat(printed(3, "cutover", "--dry-run"))
        .containsPattern("ok +verified ")
        .containsPattern("ok +intents-done ")
        .containsPattern("no +features-equal +nothing was measured; next: ")
        .contains("cutover would be refused: the migration of dim_moving is in phase verified; ")
        .contains("features-equal (nothing was measured)");
    assertThat(printed(0, "cutover", "--force=a test", "--dry-run"))
        .containsPattern("no +features-equal ")
        .contains("cutover may run: ");
    moving.expect(0, "cutover", "--force=a test");
    assertThat(printed(3, "reverse", "--dry-run"))
        .contains("reverse would be refused: ", "no verification in this phase");
    moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
    assertThat(printed(0, "reverse", "--dry-run")).contains("reverse may run: ");
    moving.expect(0, "reverse");
    assertThat(printed(0, "finish", "--dry-run")).contains("finish may run: ");
  }

  private void plan() {
    moving.expect(0, PLAN);
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
  }

  /** Runs a command, and returns what it has printed. */
  private String printed(int exitCode, String... arguments) {
    int before = moving.out().length();
    moving.expect(exitCode, arguments);
    return moving.out().substring(before);
  }

  private static boolean isHelp(CommandLine command) {
    return command.getCommandSpec().helpCommand();
  }

  private void nothingIsStored(String phase) throws Exception {
    for (List<String> command : commands()) {
      List<String> arguments = new ArrayList<>(command);
      arguments.add("--dry-run");
      Map<String, String> before = stored();
      int exitCode = moving.run(arguments.toArray(String[]::new));
      assertThat(exitCode).as("%s in phase %s: %s", arguments, phase, moving.err()).isIn(0, 1, 3);
      assertThat(stored()).as("%s in phase %s", arguments, phase).isEqualTo(before);
    }
  }

  /** Every command with each of its forms. */
  private List<List<String>> commands() throws Exception {
    Path features = Files.writeString(folder.resolve("features.jsonl"), "{\"a\":1}\n");
    return List.of(
        List.of("plan", "--propagation=20ms", "--mismatch-rate=0.01"),
        List.of("preflight"),
        List.of("start"),
        List.of("backfill"),
        List.of("backfill", "--restart"),
        List.of("verify"),
        List.of("shadow", "--share=1"),
        List.of("ramp", "--share=0.7"),
        List.of("measure"),
        List.of("replay", "--old-features=" + features, "--new-features=" + features),
        List.of("cutover"),
        List.of("cutover", "--force=a test"),
        List.of("certificate"),
        List.of("reverse"),
        List.of("rollback"),
        List.of("rollback", "--drill"),
        List.of("rollback", "--without-new-store", "--reason=a test"),
        List.of("finish"),
        List.of("status"));
  }

  /** Returns all shared records and all rows and tombstones of both stores, by their names. */
  private Map<String, String> stored() throws InterruptedException {
    Map<String, String> all = new TreeMap<>();
    for (Map.Entry<String, DimensionStore> side : Map.of("from", old, "to", target).entrySet()) {
      SharedRecords records = side.getValue().capability(SharedRecords.class).orElseThrow();
      String after = "";
      while (after != null) {
        SharedRecordPage page = StoreCalls.await(records.list("", after, 100));
        for (SharedRecord record : page.records()) {
          all.put(
              side.getKey() + " record " + record.name(),
              record.revision() + " " + record.content());
        }
        after = page.next();
      }
      for (TableSpec spec : List.of(moving.spec(), INTENTS)) {
        all.put(side.getKey() + " table " + spec.name(), rows(side.getValue().table(spec), spec));
      }
    }
    assertThat(all.get("from table " + moving.spec().name()).lines())
        .hasSizeGreaterThanOrEqualTo(3);
    return all;
  }

  private static String rows(DimensionTable table, TableSpec spec) throws InterruptedException {
    ScanOptions everything = new ScanOptions(spec.all(), null, null, true);
    List<Change> changes = new ArrayList<>();
    try {
      for (ScanSplit split : StoreCalls.await(table.splits(1, everything))) {
        for (ScanSplit left = split; left != null; ) {
          ScanPage page = StoreCalls.await(table.scan(left, 100));
          changes.addAll(page.changes());
          left = page.remaining();
        }
      }
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_TABLE);
      return "no table";
    }
    return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
  }
}
