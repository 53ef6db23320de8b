// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Feeds;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Records;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Scans;
import io.dimstore.tck.internal.fixture.Stored;
import io.dimstore.tck.internal.fixture.Updates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R11: all failures are a {@link StoreException} whose kind says what a caller can do. */
public abstract class FailureRules {

  private final Kit kit;
  private final Rows rows;

  public FailureRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r11aMissingTableFailsWithNoTable() {
    TableSpec missing = kit.declarePlain("missing");
    Rows nowhere = new Rows(kit, kit.store(), missing, "x-");
    DimensionTable table = nowhere.table();
    Key key = nowhere.key("x");
    kit.answers().assertFails(Kind.NO_TABLE, () -> table.get(List.of(key), missing.all()));
    kit.answers().assertFails(Kind.NO_TABLE, () -> table.write(List.of(Rows.put(key, "x", 1))));
    kit.answers().assertFails(Kind.NO_TABLE, () -> kit.store().validate(missing));
    // A store may report this for the splits or for the first page.
    StoreException scan =
        catchThrowableOfType(
            StoreException.class,
            () -> new Scans(kit.answers(), table).readAll(2, ScanOptions.rows(missing.all()), 10));
    assertThat(scan).as("failure of a scan").isNotNull();
    assertThat(scan.kind()).isEqualTo(Kind.NO_TABLE);
  }

  @Test
  void r11bExistingTableIsKeptAndFitsItsDeclaration() {
    TableSpec spec = rows.spec();
    Put row = Rows.put(rows.key("kept"), "x", 1);
    rows.write(row);
    kit.answers().await(kit.store().createIfAbsent(spec));
    kit.answers().await(kit.store().validate(spec));
    rows.assertHas(row);
  }

  @Test
  void r11bADeclarationThatDoesNotFitTheTableIsInvalid() {
    TableSpec mismatch = kit.harness().incompatibleSpec(rows.spec());
    kit.answers().assertFails(Kind.INVALID, () -> kit.store().validate(mismatch));
  }

  @Test
  void r11bPingSucceeds() {
    kit.answers().await(kit.store().ping());
    kit.answers().await(kit.store().pingTables());
  }

  @Test
  void r11cValuesOfAnotherClassAreInvalidAndNameTheirKeys() {
    Key wrong = rows.key("class");
    Key shortRow = rows.key("short");
    Key good = rows.key("good");
    StoreException failure =
        kit.answers()
            .assertFails(
                Kind.INVALID,
                () ->
                    rows.table()
                        .write(
                            List.of(
                                Rows.put(good, "x", 1),
                                new Put(wrong, Row.of("a", "no number", "b"), 1),
                                new Put(shortRow, Row.of("a"), 1))));
    assertThat(failure.keys()).containsExactlyInAnyOrder(wrong, shortRow);
    assertThat(rows.getAll(List.of(good, wrong, shortRow))).containsOnlyNulls();
  }

  @Test
  void r11cWritesOfKeysOfAnotherClassAreInvalid() {
    for (Key wrong : List.of(Key.of(1L), Key.of("two", "columns"), Key.of("half \ud83d"))) {
      StoreException failure =
          kit.answers()
              .assertFails(
                  Kind.INVALID, () -> rows.table().write(List.of(Rows.put(wrong, "x", 1))));
      assertThat(failure.keys()).containsExactly(wrong);
    }
  }

  /** The column has text, and another reader declares it as a number. */
  @Test
  void r11dUnreadableValueIsCorruptAndOtherKeysCanBeRead() {
    Put text = new Put(rows.key("text"), Row.of("abc", 1L, "b"), 1);
    Put none = new Put(rows.key("none"), Row.of(null, 1L, "b"), 1);
    rows.write(text, none);
    TableSpec spec = rows.spec();
    TableSpec otherwise = Rows.withColumnAsNumber(spec);
    DimensionTable table = kit.store().table(otherwise);
    StoreException failure =
        kit.answers()
            .assertFails(
                Kind.CORRUPT, () -> table.get(List.of(none.key(), text.key()), otherwise.all()));
    assertThat(failure.keys()).containsExactly(text.key());
    assertThat(kit.answers().await(table.get(List.of(none.key()), otherwise.all())))
        .containsExactly(none);
    Projection others = otherwise.project("b");
    assertThat(kit.answers().await(table.get(List.of(none.key(), text.key()), others)))
        .as("columns that can be read")
        .containsExactly(new Put(none.key(), Row.of("b"), 1), new Put(text.key(), Row.of("b"), 1));
  }

  @Test
  void r11eUnknownOptionIsInvalidAndTheNearestNameIsSuggested() {
    assertRefused(() -> kit.open(Map.of("dedline", "1 s")), "dedline", "deadline");
    assertRefused(() -> kit.open(Map.of("deadline", "soon")), "deadline", "soon");
    Map<String, String> options = new HashMap<>(rows.spec().options());
    options.put("no-such-option", "x");
    TableSpec spec = rows.spec();
    TableSpec wrong = new TableSpec(spec.name(), spec.columns(), spec.keyColumns(), options);
    assertRefused(() -> kit.store().table(wrong), "no-such-option");
  }

  @Test
  void r11fOptionalInterfacesAreTheDeclaredOnes() {
    assertThat(rows.table().capability(Maintenance.class).isPresent())
        .as("Maintenance is declared by the harness if and only if the table has it")
        .isEqualTo(Copies.areDeclared(kit));
    assertThat(rows.table().capability(ChangeFeed.class).isPresent())
        .as("ChangeFeed is declared by the harness if and only if the table has it")
        .isEqualTo(Feeds.areDeclared(kit));
    assertThat(kit.store().capability(SharedRecords.class).isPresent())
        .as("SharedRecords is declared by the harness if and only if the store has it")
        .isEqualTo(Records.areDeclared(kit));
    assertThat(rows.table().capability(StoredChanges.class).isPresent())
        .as("StoredChanges is declared by the harness if and only if the table has it")
        .isEqualTo(Stored.areDeclared(kit));
    assertThat(rows.table().capability(RowUpdates.class).isPresent())
        .as("RowUpdates is declared by the harness if and only if the table has it")
        .isEqualTo(Updates.areDeclared(kit));
  }

  /** The harness must refuse each provocation that it declares impossible, and give a reason. */
  @Test
  void r11fUnsupportedProvocationsAreRefusedAndHaveReasons() {
    kit.harness()
        .unsupportedProvocations()
        .forEach(
            (what, reason) -> {
              assertThat(reason).as("why %s cannot be provoked", what).isNotBlank();
              assertThat(isSimulated(what))
                  .as("%s can be provoked, but is declared impossible", what)
                  .isFalse();
            });
  }

  private boolean isSimulated(Provocation what) {
    try {
      kit.harness().provoke(what, rows.spec()).run();
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  @Test
  void r11gCallWithoutPermissionIsDenied() {
    Key key = rows.key("denied");
    kit.provoked(
        Provocation.DENIED,
        rows,
        Map.of(),
        (denied, end) -> {
          assertFailsAs(denied, key, Kind.DENIED);
          end.run();
          assertContinues(denied, key);
        });
  }

  @Test
  void r11hThrottledCallFailsWithThrottledOrTimeout() {
    Key key = rows.key("throttled");
    kit.provoked(
        Provocation.THROTTLED,
        rows,
        kit.hurried(),
        (throttled, end) -> {
          assertFailsAs(throttled, key, Kind.THROTTLED, Kind.TIMEOUT);
          end.run();
          assertContinues(throttled, key);
        });
  }

  @Test
  void r11iCallsFailWhileAServerIsDownAndSucceedAfterwards() {
    Key key = rows.key("away");
    kit.provoked(
        Provocation.AWAY,
        rows,
        kit.hurried(),
        (away, end) -> {
          assertFailsAs(away, key, Kind.UNAVAILABLE, Kind.TIMEOUT);
          end.run();
          assertContinues(away, key);
        });
  }

  @Test
  void r11jCallsTimeOutWhileAServerDoesNotAnswerAndSucceedAfterwards() {
    Key key = rows.key("stuck");
    kit.provoked(
        Provocation.STUCK,
        rows,
        kit.hurried(),
        (stuck, end) -> {
          assertFailsAs(stuck, key, Kind.TIMEOUT);
          end.run();
          assertContinues(stuck, key);
        });
  }

  /** Asserts that a get and a write fail with one of these kinds. */
  private void assertFailsAs(Rows through, Key key, Kind... kinds) {
    assertThat(
            kit.answers().failureOf(() -> through.table().get(List.of(key), through.all())).kind())
        .as("kind of the failure of a get")
        .isIn((Object[]) kinds);
    assertThat(
            kit.answers()
                .failureOf(() -> through.table().write(List.of(Rows.put(key, "x", 1))))
                .kind())
        .as("kind of the failure of a write")
        .isIn((Object[]) kinds);
  }

  private void assertContinues(Rows through, Key key) {
    Put row = Rows.put(key, "again", 2);
    kit.answers().retried(() -> through.table().write(List.of(row)));
    assertThat(kit.answers().retried(() -> through.table().get(List.of(key), through.all())))
        .containsExactly(row);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... named) {
    StoreException failure = catchThrowableOfType(StoreException.class, call);
    assertThat(failure).as("refusal").isNotNull();
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContainingAll(named);
  }
}
