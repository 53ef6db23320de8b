package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R11: all failures are a {@link StoreException} that says what to do. */
abstract class FailureRules {

  private final Kit kit;
  private final Rows rows;

  FailureRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r11ATableThatIsNotThereIsNoTable() {
    TableSpec missing = kit.declarePlain("missing");
    Rows nowhere = new Rows(kit, kit.store(), missing, "x-");
    DimensionTable table = nowhere.table();
    Key key = nowhere.key("x");
    kit.answers().assertFails(Kind.NO_TABLE, () -> table.get(List.of(key), missing.all()));
    kit.answers().assertFails(Kind.NO_TABLE, () -> table.write(List.of(Rows.put(key, "x", 1))));
    kit.answers().assertFails(Kind.NO_TABLE, () -> kit.store().validate(missing));
    // A store may find it out with the splits or with the first page.
    StoreException scan =
        catchThrowableOfType(
            StoreException.class,
            () -> new Scans(kit.answers(), table).readAll(2, ScanOptions.rows(missing.all()), 10));
    assertThat(scan).as("failure of a scan").isNotNull();
    assertThat(scan.kind()).isEqualTo(Kind.NO_TABLE);
  }

  @Test
  void r11ATableIsCreatedOnceAndFitsItsDeclaration() {
    TableSpec spec = rows.spec();
    Put row = Rows.put(rows.key("kept"), "x", 1);
    rows.write(row);
    kit.answers().await(kit.store().createIfAbsent(spec));
    kit.answers().await(kit.store().validate(spec));
    rows.assertHas(row);
  }

  @Test
  void r11ADeclarationThatDoesNotFitTheTableIsInvalid() {
    TableSpec misfit = kit.harness().misfitOf(rows.spec());
    kit.answers().assertFails(Kind.INVALID, () -> kit.store().validate(misfit));
  }

  @Test
  void r11TheServersAnswerAPing() {
    kit.answers().await(kit.store().ping());
  }

  @Test
  void r11ValuesOfAnotherClassAreInvalidAndNameTheirKeys() {
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
  void r11KeysOfAnotherClassAreInvalidToWrite() {
    for (Key wrong : List.of(Key.of(1L), Key.of("two", "columns"), Key.of("half \ud83d"))) {
      StoreException failure =
          kit.answers()
              .assertFails(
                  Kind.INVALID, () -> rows.table().write(List.of(Rows.put(wrong, "x", 1))));
      assertThat(failure.keys()).containsExactly(wrong);
    }
  }

  /** A text of three letters, declared as a number by another reader. */
  @Test
  void r11AValueThatCannotBeReadIsCorruptAndCostsOnlyItsKey() {
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
  void r11AnUnknownOptionIsInvalidAndTheNearestNameIsTold() {
    assertRefused(() -> kit.open(Map.of("dedline", "1 s")), "dedline", "deadline");
    assertRefused(() -> kit.open(Map.of("deadline", "soon")), "deadline", "soon");
    Map<String, String> options = new HashMap<>(rows.spec().options());
    options.put("no-such-option", "x");
    TableSpec spec = rows.spec();
    TableSpec wrong = new TableSpec(spec.name(), spec.columns(), spec.keyColumns(), options);
    assertRefused(() -> kit.store().table(wrong), "no-such-option");
  }

  @Test
  void r11WhatATableCanDoBesidesIsDeclared() {
    boolean maintains = kit.harness().capabilities().contains(Maintenance.class);
    if (rows.table() instanceof Maintenance maintenance) {
      assertThat(maintains).as("Maintenance is declared by the harness").isTrue();
      rows.write(Rows.put(rows.key("settled"), "x", 1));
      boolean settled =
          kit.answers()
              .eventually(() -> !kit.answers().await(maintenance.repair(1_000)).remaining());
      assertThat(settled).as("repair comes to an end").isTrue();
      rows.assertHas(Rows.put(rows.key("settled"), "x", 1));
    } else {
      assertThat(maintains).as("a declared Maintenance is implemented by the table").isFalse();
    }
    assertThat(rows.table() instanceof ChangeFeed)
        .as("ChangeFeed is declared by the harness if and only if the table implements it")
        .isEqualTo(Feeds.areDeclared(kit));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... named) {
    StoreException failure = catchThrowableOfType(StoreException.class, call);
    assertThat(failure).as("refusal").isNotNull();
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContainingAll(named);
  }
}
