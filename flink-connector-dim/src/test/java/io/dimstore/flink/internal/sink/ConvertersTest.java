// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.DimTypes;
import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.flink.internal.row.RowProducer;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.row.ValueToRowDataConverter;
import io.dimstore.flink.internal.row.ValuesOfAllTypes;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.StoreRef;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.support.ChangeValidator;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.ZonedTimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

public class ConvertersTest {

  static Stream<Arguments> values() {
    return ValuesOfAllTypes.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey().getLogicalType(), entry.getValue()));
  }

  /**
   * Uses a table with a number as the key and one value column. The value of the last row is null.
   */
  @ParameterizedTest
  @MethodSource("values")
  void everyValueComesBackEqualAlsoFromFlinksBinaryForm(LogicalType type, List<Object> values)
      throws Exception {
    TableLayout layout = layout(type);
    RowProducer producer = new RowProducer(layout, new ProducedColumns(List.of(0, 1), List.of()));
    ChangeReader reader = new ChangeReader(table(layout, null, true), (row, key) -> 1, List.of());
    RowDataSerializer serializer = new RowDataSerializer(new BigIntType(false), type);
    ChangeValidator validator = new ChangeValidator(layout.spec());
    List<Object> all = new ArrayList<>(values);
    all.add(null);
    for (Object value : all) {
      Put stored = new Put(Key.of(7L), Row.of(value), 1);
      validator.check(stored);

      RowData generic = producer.produce(stored);
      RowData binary = serializer.toBinaryRow(generic);

      assertThat(((Put) reader.read(generic)).row()).isEqualTo(stored.row());
      assertThat(((Put) reader.read(binary)).row()).isEqualTo(stored.row());
      assertThat(((Put) reader.read(binary)).key()).isEqualTo(stored.key());
    }
  }

  static Stream<Arguments> keys() {
    return ValuesOfAllTypes.all().entrySet().stream()
        .filter(entry -> DimTypes.column("c", entry.getKey().getLogicalType()).type().isAtomic())
        .map(entry -> Arguments.of(entry.getKey().getLogicalType(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyAtomicTypeCanBeAKey(LogicalType type, List<Object> values) throws Exception {
    TableLayout layout =
        new TableLayout(
            "t", List.of("k", "n"), List.of(type, new BigIntType()), List.of(0), Map.of());
    RowProducer producer = new RowProducer(layout, new ProducedColumns(List.of(0, 1), List.of()));
    ChangeReader reader = new ChangeReader(table(layout, null, true), (row, key) -> 1, List.of());
    for (Object value : values) {
      Put stored = new Put(Key.of(value), Row.of(1L), 1);
      assertThat(reader.read(producer.produce(stored)).key()).isEqualTo(stored.key());
    }
  }

  @Test
  void producedRowsShareNoObjectsWithTheStore() {
    byte[] bytes = {1};
    TableLayout layout = layout(DataTypes.BYTES().getLogicalType());
    RowProducer producer = new RowProducer(layout, new ProducedColumns(List.of(1), List.of()));
    Put stored = new Put(Key.of(7L), Row.of(bytes), 1);
    producer.produce(stored).getBinary(0)[0] = 9;
    assertThat(bytes).containsExactly(1);
  }

  @Test
  void timesAreTruncatedToThePrecisionOfTheirColumn() {
    assertThat(RowDataToValueConverter.of(DataTypes.TIME(0).getLogicalType()).convert(1_999))
        .isEqualTo(LocalTime.of(0, 0, 1));
    assertThat(
            RowDataToValueConverter.of(DataTypes.TIMESTAMP(3).getLogicalType())
                .convert(TimestampData.fromEpochMillis(-1, 999_999)))
        .isEqualTo(LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000));
  }

  @Test
  void aDecimalOfAnotherScaleIsWidenedAndNeverRounded() {
    RowDataToValueConverter decimal =
        RowDataToValueConverter.of(DataTypes.DECIMAL(10, 2).getLogicalType());
    assertThat(decimal.convert(DecimalData.fromBigDecimal(new BigDecimal("1.5"), 10, 1)))
        .isEqualTo(new BigDecimal("1.50"));
    assertThatThrownBy(
            () -> decimal.convert(DecimalData.fromBigDecimal(new BigDecimal("1.555"), 10, 3)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void storedNumberThatDoesNotFitIsAnErrorInsteadOfNull() {
    assertThatThrownBy(
            () ->
                ValueToRowDataConverter.of(DataTypes.DECIMAL(3, 1).getLogicalType())
                    .convert(new BigDecimal("1000.0")))
        .hasMessageContaining("1000.0")
        .hasMessageContaining("DECIMAL(3, 1)");
  }

  @Test
  void metadataColumnsFollowThePhysicalOnes() {
    TableLayout layout = layout(DataTypes.STRING().getLogicalType());
    RowProducer producer =
        new RowProducer(
            layout,
            new ProducedColumns(List.of(1), List.of(DimMetadata.EXPIRY, DimMetadata.VERSION)));
    assertThat(producer.produce(new Put(Key.of(7L), Row.of("x"), 5, 60_000)))
        .isEqualTo(
            GenericRowData.of(
                StringData.fromString("x"), TimestampData.fromEpochMillis(60_000), 5L));
    assertThat(producer.produce(new Put(Key.of(7L), Row.of("x"), 5)).isNullAt(1)).isTrue();
  }

  @Test
  void aTypeThatNoStoreHasIsRefusedWithItsColumnAndTheRemedy() {
    assertThatThrownBy(() -> DimTypes.column("when", new ZonedTimestampType(3)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Column 'when'")
        .hasMessageContaining("TIMESTAMP_LTZ");
  }

  static TableLayout layout(LogicalType value) {
    return new TableLayout(
        "t", List.of("k", "c"), List.of(new BigIntType(false), value), List.of(0), Map.of());
  }

  public static DimTable table(TableLayout layout, Integer versionColumn, boolean arrival) {
    return new DimTable(
        new StoreRef("memory", Map.of()),
        layout,
        versionColumn,
        arrival,
        true,
        java.time.Duration.ofSeconds(10),
        new DimTable.LookupSettings(10, 1, java.time.Duration.ZERO),
        new DimTable.ScanSettings(10, DimOptions.UnreadableRows.FAIL),
        new DimTable.SinkSettings(
            10,
            java.time.Duration.ZERO,
            java.time.Duration.ofMillis(1),
            2,
            java.time.Duration.ZERO,
            null));
  }
}
