// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.FaultyStore.Call;
import io.dimstore.tck.harness.TestClock;
import io.dimstore.tck.internal.fixture.Answers;
import io.dimstore.tck.simulated.DelegatingTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that a faulty store has all capabilities of the wrapped store. */
class FaultyCapabilitiesTest {

  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("k", DataType.STRING), new Column("v", DataType.STRING)),
          List.of("k"),
          Map.of("change-feed", "true"));

  private final Answers answers = new Answers(Duration.ofSeconds(30));
  private DimensionStore memory;

  @BeforeEach
  void open() {
    memory =
        DimensionStores.open(
            "memory", Map.of("instance", "capable"), StoreMetrics.NONE, TestClock.atPresent());
    answers.await(memory.createIfAbsent(SPEC));
  }

  @AfterEach
  void close() {
    memory.close();
    MemoryStores.clear("capable");
  }

  @Test
  void changeFeedMeetsFaultsAndIsPassedOnWithoutThem() {
    FaultyStore store = new FaultyStore(memory, 1);
    ChangeFeed feed = store.table(SPEC).capability(ChangeFeed.class).orElseThrow();
    store.injectNext(Call.FOLLOW, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> feed.follow(Start.EARLIEST));
    assertThat(answers.await(feed.follow(Start.EARLIEST))).isNotEmpty();
  }

  @Test
  void maintenanceMeetsFaultsAndIsPassedOnWithoutThem() {
    FaultyStore store = new FaultyStore(new DelegatingStore(memory, Capable::new), 1);
    Maintenance copies = store.table(SPEC).capability(Maintenance.class).orElseThrow();
    store.injectNext(Call.REPAIR, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> copies.repair(7));
    assertThat(answers.await(copies.repair(7)).examined()).isEqualTo(7);
  }

  @Test
  void sharedRecordsMeetFaultsAndArePassedOnWithoutThem() {
    FaultyStore store = new FaultyStore(memory, 1);
    SharedRecords records = store.capability(SharedRecords.class).orElseThrow();
    store.injectNext(Call.READ_RECORD, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    store.injectNext(Call.REPLACE_RECORD, new CallFault.LoseAnswer(Kind.TIMEOUT), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> records.read("r"));
    answers.assertFails(Kind.TIMEOUT, () -> records.replace("r", 0, "x"));
    assertThat(answers.await(records.read("r"))).contains(new SharedRecord("r", 1, "x"));
    assertThat(answers.await(records.list("", "", 10)).records()).hasSize(1);
  }

  @Test
  void storedChangesMeetFaultsAndArePassedOnWithoutThem() {
    FaultyStore store = new FaultyStore(memory, 1);
    StoredChanges stored = store.table(SPEC).capability(StoredChanges.class).orElseThrow();
    store.injectNext(Call.STORED, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    store.injectNext(Call.STORED, new CallFault.LoseAnswer(Kind.TIMEOUT), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> stored.stored(List.of(Key.of("k"))));
    answers.assertFails(Kind.TIMEOUT, () -> stored.stored(List.of(Key.of("k"))));
    assertThat(answers.await(stored.stored(List.of(Key.of("k"))))).containsOnlyNulls();
    assertThat(store.faults(Call.STORED)).isEqualTo(2);
  }

  @Test
  void rowUpdatesMeetFaultsAndArePassedOnWithoutThem() {
    FaultyStore store = new FaultyStore(memory, 1);
    RowUpdates updates = store.table(SPEC).capability(RowUpdates.class).orElseThrow();
    List<Change> given = new ArrayList<>();
    RowUpdates.Update remove =
        (key, stored) -> {
          given.add(stored);
          return new Delete(key, stored == null ? 1 : stored.version() + 1);
        };
    store.injectNext(Call.UPDATE, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    store.injectNext(Call.UPDATE, new CallFault.LoseAnswer(Kind.TIMEOUT), 1);
    Key key = Key.of("updated");
    answers.assertFails(Kind.UNAVAILABLE, () -> updates.update(List.of(key), remove));
    answers.assertFails(Kind.TIMEOUT, () -> updates.update(List.of(key), remove));
    answers.await(updates.update(List.of(key), remove));
    assertThat(given).containsExactly(null, new Delete(key, 1));
  }

  @Test
  void sharedBudgetIsPassedOn() {
    FaultyStore store = new FaultyStore(new DelegatingStore(memory, Capable::new), 1);
    SharedBudget budget = store.table(SPEC).capability(SharedBudget.class).orElseThrow();
    assertThat(budget.join(SharedBudget.Use.READ, 0.25)).isSameAs(Capable.PART);
  }

  @Test
  void sizingIsPassedOn() {
    FaultyStore store = new FaultyStore(new DelegatingStore(memory, Capable::new), 1);
    Sizing sizing = store.table(SPEC).capability(Sizing.class).orElseThrow();
    assertThat(sizing.sizeOf(new Delete(Key.of("k"), 1))).isEqualTo(Capable.SIZE);
  }

  @Test
  void foreignWritesArePassedOn() {
    FaultyStore store = new FaultyStore(new DelegatingStore(memory, Capable::new), 1);
    ForeignWrites writes = store.table(SPEC).capability(ForeignWrites.class).orElseThrow();
    assertThat(answers.await(writes.foreignWrites(List.of(Key.of("k")))))
        .containsExactly(Instant.EPOCH);
  }

  @Test
  void capabilitiesThatTheWrappedStoreLacksAreAbsent() {
    DimensionTable table = new FaultyStore(memory, 1).table(SPEC);
    assertThat(table.capability(Maintenance.class)).isEmpty();
    assertThat(table.capability(SharedBudget.class)).isEmpty();
    assertThat(table.capability(Sizing.class)).isEmpty();
    assertThat(table.capability(ForeignWrites.class)).isEmpty();
  }

  /** A table with every capability. */
  private static final class Capable extends DelegatingTable
      implements SharedBudget, Sizing, ForeignWrites {

    static final Part PART = () -> {};
    static final Size SIZE = new Size(10, 0.5, 1);

    Capable(DimensionTable inner) {
      super(inner);
    }

    @Override
    public CompletionStage<List<Instant>> foreignWrites(List<Key> keys) {
      return CompletableFuture.completedFuture(List.of(Instant.EPOCH));
    }

    @Override
    public CompletionStage<Repair> repair(int maxKeys) {
      return CompletableFuture.completedFuture(new Repair(maxKeys, 0, false));
    }

    @Override
    public Part join(Use use, double fraction) {
      return PART;
    }

    @Override
    public Size sizeOf(Change change) {
      return SIZE;
    }
  }
}
