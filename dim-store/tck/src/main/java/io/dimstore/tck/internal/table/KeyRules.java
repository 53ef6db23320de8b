// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Samples;
import io.dimstore.tck.internal.fixture.Scans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R10: every key is returned equal, or is refused by write and absent for get. */
public abstract class KeyRules {

  /**
   * Types that are not tested, because each needs a table of its own, which takes time. Stores
   * encode them in the same way as the same type with another precision, which is tested.
   */
  private static final Set<DataType> LEFT_OUT =
      Set.of(
          new DataType.Decimal(1, 0),
          new DataType.Decimal(38, 38),
          new DataType.Time(0),
          new DataType.Timestamp(0),
          new DataType.Timestamp(6),
          new DataType.TimestampLtz(0),
          new DataType.TimestampLtz(6));

  private static final Column VALUE = new Column("v", DataType.STRING);

  private final Kit kit;

  public KeyRules(Kit kit) {
    this.kit = kit;
  }

  /** Returns the types of keys to test. */
  static Stream<DataType> types() {
    return Samples.atomic().keySet().stream().filter(type -> !LEFT_OUT.contains(type));
  }

  @ParameterizedTest
  @MethodSource("types")
  void r10dEveryKeyOfATypeIsReturnedEqual(DataType type) {
    List<Column> columns = List.of(new Column("k", type), VALUE);
    if (!kit.harness().holdsKeysOf(type)) {
      TableSpec refused = kit.declare("refused_key", columns, "k");
      StoreException failure =
          catchThrowableOfType(StoreException.class, () -> kit.store().table(refused));
      assertThat(failure).as("refusal of a key of type %s", type).isNotNull();
      assertThat(failure.kind()).isEqualTo(StoreException.Kind.INVALID);
      return;
    }
    kit.once("key tables", this::createKeyTables);
    List<Key> keys = new ArrayList<>();
    for (Object value : Samples.atomic().getOrDefault(type, List.of())) {
      keys.add(Key.of(value));
    }
    assertHeldOrRefused(keyTable(type), keys);
  }

  @Test
  void r10eCompositeKeysWithEqualConcatenationsAreDistinct() {
    TableSpec spec =
        kit.table(
            "pairs",
            List.of(new Column("k1", DataType.STRING), VALUE, new Column("k2", DataType.STRING)),
            "k2",
            "k1");
    List<Key> keys = new ArrayList<>();
    List<String> parts =
        List.of("a", "b", "ab", "a\u0000", "\u0000b", "a|b", "a/b", "a,b", "a:b", "a#b", "0", "00");
    for (String first : parts) {
      for (String second : parts) {
        keys.add(Key.of(first, second));
      }
    }
    assertHeldOrRefused(spec, keys);
    assertHeldOrRefused(spec, List.of(Key.of("", "x"), Key.of("x", ""), Key.of("", "")));
  }

  @Test
  void r10dCompositeKeysOfSeveralTypesAreReturnedEqual() {
    TableSpec spec =
        kit.table(
            "triples",
            List.of(
                new Column("n", DataType.Simple.BIGINT),
                VALUE,
                new Column("t", DataType.STRING),
                new Column("d", DataType.Simple.DATE)),
            "n",
            "t",
            "d");
    List<Key> keys = new ArrayList<>();
    for (Object number : Samples.atomic().getOrDefault(DataType.Simple.BIGINT, List.of())) {
      for (String text : List.of("x", "xx", "\ud83d\ude00")) {
        for (Object date : Samples.atomic().getOrDefault(DataType.Simple.DATE, List.of())) {
          keys.add(Key.of(number, text, date));
        }
      }
    }
    assertHeldOrRefused(spec, keys);
    assertRangesFollowTheOrderOfKeys(spec, keys);
  }

  @Test
  void r10fUnusualKeysAreReturnedEqualOrAreRefusedAndAbsent() {
    TableSpec spec = kit.table("unusual", List.of(new Column("k", DataType.STRING), VALUE), "k");
    assertHeldOrRefused(spec, kit.harness().unusualKeys());
  }

  @Test
  void r10gKeyThatCannotBeHeldDoesNotAffectOtherKeys() {
    Rows rows = kit.rows();
    Put there = Rows.put(rows.key("there"), "x", 1);
    rows.write(there);
    List<Key> asked = new ArrayList<>(kit.harness().unusualKeys());
    asked.add(there.key());
    asked.add(Key.of(1L));
    asked.add(Key.of("two", "columns"));
    List<@Nullable Put> found = rows.getAll(asked);
    assertThat(found.get(asked.indexOf(there.key()))).isEqualTo(there);
    assertThat(found.subList(asked.indexOf(there.key()) + 1, asked.size()))
        .as("a key of another class or size is absent")
        .containsOnlyNulls();
  }

  private void createKeyTables() {
    kit.createAll(types().filter(kit.harness()::holdsKeysOf).map(this::keyTable).toList());
  }

  private TableSpec keyTable(DataType type) {
    int number = new ArrayList<>(Samples.atomic().keySet()).indexOf(type);
    return kit.declare("key" + number, List.of(new Column("k", type), VALUE), "k");
  }

  private void assertHeldOrRefused(TableSpec spec, List<Key> keys) {
    DimensionTable table = kit.store().table(spec);
    List<Change> puts = new ArrayList<>();
    for (Key key : keys) {
      puts.add(valueOf(spec, key));
    }
    List<Key> refused = List.of();
    try {
      kit.answers().await(table.write(puts));
    } catch (StoreException e) {
      assertThat(e.kind()).as("refusal: %s", e).isEqualTo(StoreException.Kind.INVALID);
      assertThat(keys).as("keys refused").containsAll(e.keys());
      assertThat(e.keys()).as("keys that the refusal names").isNotEmpty();
      refused = e.keys();
    }
    List<Change> held = new ArrayList<>();
    List<@Nullable Put> expected = new ArrayList<>();
    for (Change put : puts) {
      boolean holds = !refused.contains(put.key());
      expected.add(holds ? (Put) put : null);
      if (holds) {
        held.add(put);
      }
    }
    if (!refused.isEmpty()) {
      kit.answers().await(table.write(held));
    }
    assertThat(kit.answers().await(table.get(keys, spec.all())))
        .as("rows of a get; keys refused by write: %s", refused)
        .isEqualTo(expected);
    assertThat(new Scans(kit.answers(), table).readAll(2, ScanOptions.rows(spec.all()), 100))
        .as("rows of a scan")
        .containsAll(held);
  }

  private void assertRangesFollowTheOrderOfKeys(TableSpec spec, List<Key> keys) {
    KeyCodec codec = new KeyCodec(spec.key());
    List<Key> ordered = keys.stream().sorted(Comparator.comparing(k -> k, codec::compare)).toList();
    List<Key> range = ordered.subList(20, 50);
    ScanOptions options = new ScanOptions(spec.all(), range.get(0), ordered.get(50), false);
    assertThat(new Scans(kit.answers(), kit.store().table(spec)).readAll(3, options, 7))
        .as("rows of a scan of a key range")
        .extracting(Change::key)
        .containsExactlyInAnyOrderElementsOf(range);
  }

  private static Put valueOf(TableSpec spec, Key key) {
    return new Put(key, Row.of("of " + key), spec.keyColumns().size());
  }
}
