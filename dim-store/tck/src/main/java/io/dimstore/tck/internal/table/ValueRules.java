// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.NestedSamples;
import io.dimstore.tck.internal.fixture.Samples;
import io.dimstore.tck.internal.fixture.Scans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R10: every value of every type is returned equal. */
public abstract class ValueRules {

  private static final Map<DataType, List<Object>> VALUES = new LinkedHashMap<>(Samples.atomic());

  static {
    VALUES.putAll(NestedSamples.nested());
  }

  private final Kit kit;
  private final List<DataType> types;
  private final TableSpec spec;
  private final DimensionTable table;

  public ValueRules(Kit kit) {
    this.kit = kit;
    this.types = VALUES.keySet().stream().filter(kit.harness()::holdsValuesOf).toList();
    List<Column> columns = new ArrayList<>(Samples.columns("c", types));
    columns.add(0, new Column("k", DataType.STRING));
    this.spec = kit.table("wide", columns, "k");
    this.table = kit.store().table(spec);
  }

  static Stream<DataType> types() {
    return VALUES.keySet().stream();
  }

  /** Each value is in its own row, whose other columns are null. */
  @ParameterizedTest
  @MethodSource("types")
  void r10aEveryValueOfATypeIsReturnedEqual(DataType type) {
    int column = types.indexOf(type);
    if (column < 0) {
      assertRefused(type);
      return;
    }
    List<Object> values = VALUES.getOrDefault(type, List.of());
    List<Change> puts = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      @Nullable Object[] row = new @Nullable Object[types.size()];
      row[column] = values.get(i);
      puts.add(new Put(Key.of(type + "-" + i), Row.of(row), i));
    }
    assertComesBack(puts);
  }

  @Test
  void r10aRowWithAValueInEveryColumnIsReturnedEqual() {
    @Nullable Object[] row = new @Nullable Object[types.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = VALUES.getOrDefault(types.get(i), List.of()).get(0);
    }
    assertComesBack(List.of(new Put(Key.of("full"), Row.of(row), 1)));
  }

  @Test
  void r10bRowOfNullsIsReturnedEqual() {
    assertComesBack(
        List.of(new Put(Key.of("nulls"), Row.of(new @Nullable Object[types.size()]), 1)));
  }

  @Test
  void r10bTheTextNullIsNotNull() {
    int column = types.indexOf(DataType.STRING);
    List<Change> puts = new ArrayList<>();
    for (String text : new @Nullable String[] {"null", null, "", "NULL", "nil", "\u0000", "\\N"}) {
      @Nullable Object[] row = new @Nullable Object[types.size()];
      row[column] = text;
      puts.add(new Put(Key.of("text-null-" + puts.size()), Row.of(row), 1));
    }
    assertComesBack(puts);
  }

  @Test
  void r10cProjectionReturnsItsColumnsInItsOrder() {
    @Nullable Object[] row = new @Nullable Object[types.size()];
    row[1] = VALUES.getOrDefault(types.get(1), List.of()).get(0);
    row[4] = VALUES.getOrDefault(types.get(4), List.of()).get(0);
    Put put = new Put(Key.of("projected"), Row.of(row), 3);
    kit.answers().await(table.write(List.of(put)));
    for (Projection columns :
        List.of(
            Projection.of(4, 1),
            Projection.of(1),
            Projection.of(0),
            Projection.of(3, 4, 0),
            Projection.of())) {
      assertThat(kit.answers().await(table.get(List.of(put.key()), columns)))
          .as("%s", columns)
          .containsExactly(new Put(put.key(), put.row().project(columns), 3));
    }
  }

  private void assertComesBack(List<Change> puts) {
    kit.answers().await(table.write(puts));
    List<Key> keys = puts.stream().map(Change::key).toList();
    assertThat(kit.answers().await(table.get(keys, spec.all())))
        .as("rows of a get")
        .isEqualTo(puts);
    List<Change> scanned =
        new Scans(kit.answers(), table).readAll(1, ScanOptions.rows(spec.all()), 500);
    assertThat(scanned).as("rows of a scan").containsAll(puts);
  }

  private void assertRefused(DataType type) {
    TableSpec refused =
        kit.declare(
            "refused", List.of(new Column("k", DataType.STRING), new Column("v", type)), "k");
    StoreException failure =
        catchThrowableOfType(StoreException.class, () -> kit.store().table(refused));
    assertThat(failure).as("refusal of a column of type %s", type).isNotNull();
    assertThat(failure.kind()).isEqualTo(StoreException.Kind.INVALID);
  }
}
