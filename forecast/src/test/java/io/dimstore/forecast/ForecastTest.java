// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimstore.forecast.Forecast.ItemBytes;
import io.dimstore.forecast.Forecast.Load;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compares forecasts with figures calculated by hand. */
class ForecastTest {

  private static final double GIB = 1024.0 * 1024 * 1024;
  private static final Dimension TABLE =
      table(
          DataTypes.FIELD("d", DataTypes.DECIMAL(10, 2)), DataTypes.FIELD("t", DataTypes.STRING()));

  @TempDir Path folder;

  private static Observed seen(double readUnits, double writeUnits, Double rate, int... bytes) {
    Sizes sizes = new Sizes();
    for (int size : bytes) {
      sizes.add(size);
    }
    return new Observed(
        "x", bytes.length, 0, true, sizes, readUnits, writeUnits, bytes.length, rate, 0);
  }

  @Test
  void aMonthOnDemandCostsItsUnitsAndItsStorage() throws IOException {
    // Four items of 1, 2, 3 and 5 KB: 1 + 1 + 1 + 2 read units, 1 + 2 + 3 + 5 write units.
    Observed seen = seen(5, 11, null, 1024, 2048, 3072, 5120);
    Forecast forecast =
        Forecast.of(seen, new Load(1_000, 0.2, 100.0, null, Map.of()), Prices.read(null));
    assertThat(forecast.itemBytes()).isEqualTo(new ItemBytes(2048, 5120, 5120, 11_264));
    assertThat(forecast.storageBytes()).isEqualTo(11_664);
    assertThat(forecast.lookupsPerSecond()).isEqualTo(800);
    assertThat(forecast.readUnitsPerSecond()).isEqualTo(1_000);
    assertThat(forecast.writeUnitsPerSecond()).isEqualTo(275);
    // 730 h are 2,628,000 s: 2,628 million read units, 722.7 million write units.
    double storage = 11_664 / GIB * 0.25;
    assertThat(forecast.monthly().storage()).isCloseTo(storage, within(1e-12));
    assertThat(forecast.monthly().onDemand())
        .isCloseTo(storage + 2_628 * 0.125 + 722.7 * 0.625, within(1e-9));
    // 1,000 / 0.7 and 275 / 0.7, rounded up.
    assertThat(forecast.monthly().provisionedReadUnits()).isEqualTo(1_429);
    assertThat(forecast.monthly().provisionedWriteUnits()).isEqualTo(393);
    assertThat(forecast.monthly().provisioned())
        .isCloseTo(storage + 730 * (1_429 * 0.00013 + 393 * 0.00065), within(1e-9));
    assertThat(forecast.monthly().legacy()).isNull();
    assertThat(forecast.text())
        .contains("us-east-1, 2024-11")
        .contains("780.19")
        .contains("1000.00 read units/s");
  }

  @Test
  void aSampleIsScaledToAllItems() throws IOException {
    Observed seen = seen(2, 2, null, 500, 700);
    Forecast forecast =
        Forecast.of(seen, new Load(0, 0, null, 1_000_000L, Map.of()), Prices.read(null));
    assertThat(forecast.items()).isEqualTo(1_000_000);
    assertThat(forecast.itemBytes().total()).isEqualTo(600e6);
    assertThat(forecast.storageBytes()).isEqualTo(700e6);
    assertThat(forecast.monthly().onDemand()).isCloseTo(700e6 / GIB * 0.25, within(1e-9));
    assertThat(forecast.monthly().provisionedReadUnits()).isEqualTo(1);
  }

  @Test
  void theLegacyPathCostsItsNodes() throws IOException {
    Map<String, Double> nodes =
        Map.of("ec2.m5.xlarge", 3.0, "emr.m5.xlarge", 3.0, "ebs.gp3-gb", 500.0);
    Forecast forecast =
        Forecast.of(seen(1, 1, null, 10), new Load(0, 0, null, null, nodes), Prices.read(null));
    // 3 x 730 x (0.192 + 0.048) + 500 x 0.08
    assertThat(forecast.monthly().legacy()).isCloseTo(565.6, within(1e-9));
    assertThatThrownBy(() -> Prices.read(null).monthly(Map.of("ec2.huge", 1.0)))
        .hasMessageContaining("no price for 'ec2.huge'")
        .hasMessageContaining("ec2.m5.xlarge");
  }

  @Test
  void anotherPriceFileIsUsedAndItsMistakesAreNamed() throws IOException {
    Path file = folder.resolve("mine.properties");
    String shipped =
        new String(
            Prices.class.getResourceAsStream(Prices.SHIPPED).readAllBytes(),
            StandardCharsets.UTF_8);
    Files.writeString(
        file,
        shipped.replace("write-units=0.625", "write-units=6").replace("2024-11\n", "2031-01\n"));
    Prices mine = Prices.read(file);
    Forecast forecast =
        Forecast.of(seen(1, 1, 1.0, 10), new Load(0, 0, null, null, Map.of()), mine);
    assertThat(forecast.monthly().onDemand()).isCloseTo(110 / GIB * 0.25 + 2.628 * 6, within(1e-9));
    assertThat(forecast.prices()).contains("2031-01").contains("mine.properties");
    Files.writeString(file, shipped.replace("write-units=0.625", "write-units=free"));
    assertThatThrownBy(
            () ->
                Forecast.of(
                    seen(1, 1, 1.0, 10), new Load(0, 0, null, null, Map.of()), Prices.read(file)))
        .hasMessageContaining("'dynamodb.million-write-units' is 'free'");
  }

  @Test
  void changesAreBilledByTheLargerItemAndTheNewestIsKept() {
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      ChangeTopic topic = new ChangeTopic(TABLE, sizing(store, TABLE));
      topic.add(bytes("a"), upsert("a", 2_000, 5), 1_000);
      topic.add(bytes("a"), upsert("a", 10, 6), 2_000);
      topic.add(bytes("b"), upsert("b", 5_000, 5), 3_000);
      topic.add(bytes("b"), upsert("b", 10, 4), 4_000);
      topic.add(bytes("c"), upsert("c", 10, 1), 5_000);
      topic.add(
          bytes("c"),
          "{\"op\":\"delete\",\"k\":\"c\",\"version\":2}".getBytes(StandardCharsets.UTF_8),
          11_000);
      topic.add(bytes("c"), "no json".getBytes(StandardCharsets.UTF_8), 12_000);
      topic.add(bytes("c"), null, 12_000);
      Observed seen = topic.observed("x", true);
      assertThat(seen.items()).isEqualTo(2);
      assertThat(seen.tombstones()).isEqualTo(1);
      assertThat(seen.refused()).isEqualTo(2);
      assertThat(seen.writes()).isEqualTo(6);
      assertThat(seen.writeUnits()).isEqualTo(2 + 2 + 5 + 5 + 1 + 1);
      assertThat(seen.readUnits())
          .as("one of 10 bytes and more, one of 5,000 and more")
          .isEqualTo(3);
      assertThat(seen.writesPerSecond()).as("in 10 s").isEqualTo(0.6);
      // Bytes: k and its text 2, t and its text 11, d and 12.5 with its digits 4, version 9, layout
      // 15.
      assertThat(seen.bytes().percentile(0.3)).isEqualTo(2 + 11 + 4 + 9 + 15);
    }
  }

  @Test
  void topicWithoutChangesIsUnusable() {
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      ChangeTopic topic = new ChangeTopic(TABLE, sizing(store, TABLE));
      assertThatThrownBy(() -> topic.requireChanges("topic t"))
          .isInstanceOf(UnusableInputException.class)
          .hasMessage("topic t has no records: name a topic that holds changes");
      topic.add(bytes("a"), null, 1);
      topic.add(bytes("a"), bytes("no json"), 2);
      assertThatThrownBy(() -> topic.requireChanges("topic t"))
          .isInstanceOf(UnusableInputException.class)
          .hasMessageContaining("topic t has no usable change among its 2 records")
          .hasMessageContaining("--sql");
    }
  }

  @Test
  void changesThatWereLoadedAtOnceHaveNoRate() {
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      ChangeTopic topic = new ChangeTopic(TABLE, sizing(store, TABLE));
      topic.add(bytes("a"), upsert("a", 10, 1), 1_000);
      topic.add(bytes("b"), upsert("b", 10, 1), 60_999);
      topic.requireChanges("topic t");
      assertThatThrownBy(() -> topic.requireRate("topic t"))
          .isInstanceOf(ForecastException.class)
          .hasMessageContaining("--writes-per-second is missing")
          .hasMessageContaining("topic t were written within 60.0 s");
      topic.add(bytes("c"), upsert("c", 10, 1), 61_000);
      topic.requireRate("topic t");
    }
  }

  private static byte[] upsert(String key, int bytes, int version) {
    return ("{\"op\":\"upsert\",\"k\":\""
            + key
            + "\",\"d\":12.5,\"t\":\""
            + "x".repeat(bytes)
            + "\",\"version\":"
            + version
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> nowhere() {
    return Map.of("endpoint", "http://127.0.0.1:1", "access-key", "a", "secret-key", "s");
  }

  @Test
  void valuesOfEveryKindHaveTheSizeThatTheStoreGivesThem() {
    Dimension merchant =
        table(
            DataTypes.FIELD("since", DataTypes.DATE()),
            DataTypes.FIELD(
                "shops",
                DataTypes.ARRAY(DataTypes.ROW(DataTypes.FIELD("city", DataTypes.STRING())))),
            DataTypes.FIELD("m", DataTypes.MAP(DataTypes.STRING(), DataTypes.BYTES())));
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      Sizing sizing = sizing(store, merchant);
      ChangeTopic topic = new ChangeTopic(merchant, sizing);
      topic.add(
          bytes("a"),
          bytes(
              "{\"op\":\"upsert\",\"k\":\"a\",\"since\":\"2024-02-29\",\"shops\":[{\"city\":\"Ulm\"}],"
                  + "\"m\":{\"x\":\"AQI=\"},\"version\":1}"),
          0);
      int size =
          sizing
              .sizeOf(
                  new Put(
                      Key.of("a"),
                      Row.of(
                          LocalDate.of(2024, 2, 29),
                          List.of(Row.of("Ulm")),
                          Map.of("x", new byte[] {1, 2})),
                      1))
              .bytes();
      assertThat(topic.observed("x", true).bytes().total()).isEqualTo(size);
      topic.add(
          bytes("a"),
          bytes(
              "{\"op\":\"upsert\",\"k\":\"a\",\"since\":\"29.2.24\",\"shops\":null,\"m\":null,"
                  + "\"version\":2}"),
          0);
      topic.add(bytes("b"), bytes("{\"op\":\"delete\",\"k\":\"a\",\"version\":3}"), 0);
      assertThat(topic.observed("x", true).refused()).isEqualTo(2);
    }
  }

  /** A value of column {@code c} in JSON, and in a row of the store. */
  record Typed(DataType type, String json, Object value) {}

  static final List<Typed> TYPES =
      List.of(
          new Typed(DataTypes.BOOLEAN(), "true", true),
          new Typed(DataTypes.TINYINT(), "-128", Byte.MIN_VALUE),
          new Typed(DataTypes.SMALLINT(), "32767", Short.MAX_VALUE),
          new Typed(DataTypes.INT(), "-2147483648", Integer.MIN_VALUE),
          new Typed(DataTypes.BIGINT(), "9223372036854775807", Long.MAX_VALUE),
          new Typed(DataTypes.FLOAT(), "0.5", 0.5f),
          new Typed(DataTypes.DOUBLE(), "0.1", 0.1),
          new Typed(DataTypes.DECIMAL(5, 2), "-999.99", new BigDecimal("-999.99")),
          new Typed(DataTypes.CHAR(2), "\"DE\"", "DE"),
          new Typed(DataTypes.VARCHAR(3), "\"abc\"", "abc"),
          new Typed(DataTypes.BINARY(2), "\"AP8=\"", new byte[] {0, -1}),
          new Typed(DataTypes.VARBINARY(3), "\"AQID\"", new byte[] {1, 2, 3}),
          new Typed(DataTypes.DATE(), "\"2024-02-29\"", LocalDate.of(2024, 2, 29)),
          new Typed(DataTypes.TIME(0), "\"23:59:59\"", LocalTime.of(23, 59, 59)),
          new Typed(
              DataTypes.TIMESTAMP(9),
              "\"2024-12-31T23:59:59.123456789\"",
              LocalDateTime.of(2024, 12, 31, 23, 59, 59, 123_456_789)),
          new Typed(
              DataTypes.TIMESTAMP_LTZ(3),
              "\"2024-12-31T23:59:59Z\"",
              Instant.parse("2024-12-31T23:59:59Z")),
          new Typed(
              DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()), "-14", Period.of(-1, -2, 0)),
          new Typed(
              DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
              "-1",
              Duration.ofMillis(-1)),
          new Typed(
              DataTypes.ARRAY(DataTypes.DECIMAL(3, 1)), "[1]", List.of(new BigDecimal("1.0"))),
          new Typed(
              DataTypes.MAP(DataTypes.DATE(), DataTypes.ARRAY(DataTypes.BOOLEAN())),
              "{\"2024-02-29\": [true]}",
              Map.of(LocalDate.of(2024, 2, 29), List.of(true))),
          new Typed(DataTypes.MULTISET(DataTypes.STRING()), "{\"a\": 2}", Map.of("a", 2)),
          new Typed(
              DataTypes.ROW(DataTypes.FIELD("city", DataTypes.STRING())),
              "{\"city\": \"Ulm\"}",
              Row.of("Ulm")));

  @ParameterizedTest
  @FieldSource("TYPES")
  void valueOfEveryTypeHasTheSizeThatTheStoreGivesIt(Typed typed) {
    Dimension one = table(DataTypes.FIELD("c", typed.type()));
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      Sizing sizing = sizing(store, one);
      ChangeTopic topic = new ChangeTopic(one, sizing);
      topic.add(
          bytes("a"),
          bytes("{\"op\":\"upsert\",\"k\":\"a\",\"c\":" + typed.json() + ",\"version\":1}"),
          0);
      Observed seen = topic.observed("x", true);
      assertThat(seen.refused()).isZero();
      assertThat(seen.bytes().total())
          .isEqualTo(sizing.sizeOf(new Put(Key.of("a"), Row.of(typed.value()), 1)).bytes());
    }
  }

  /** Every type that a store keeps. */
  @Test
  void everyTypeHasAnExample() {
    Set<LogicalTypeRoot> kept = EnumSet.allOf(LogicalTypeRoot.class);
    kept.removeAll(
        EnumSet.of(
            LogicalTypeRoot.TIMESTAMP_WITH_TIME_ZONE,
            LogicalTypeRoot.DISTINCT_TYPE,
            LogicalTypeRoot.STRUCTURED_TYPE,
            LogicalTypeRoot.NULL,
            LogicalTypeRoot.RAW,
            LogicalTypeRoot.SYMBOL,
            LogicalTypeRoot.UNRESOLVED));
    assertThat(TYPES.stream().map(typed -> typed.type().getLogicalType().getTypeRoot()))
        .containsExactlyInAnyOrderElementsOf(kept);
  }

  @Test
  void aNumberWithAHugeExponentIsRefused() {
    Dimension merchant = table(DataTypes.FIELD("fee", DataTypes.DECIMAL(5, 2)));
    try (DimensionStore store =
        DimensionStores.open("dynamodb", nowhere(), StoreMetrics.NONE, InstantSource.system())) {
      ChangeTopic topic = new ChangeTopic(merchant, sizing(store, merchant));
      topic.add(
          bytes("a"),
          bytes("{\"op\":\"upsert\",\"k\":\"a\",\"fee\":100E2147483647,\"version\":1}"),
          0);
      assertThat(topic.observed("x", true).refused()).isEqualTo(1);
    }
  }

  private static Dimension table(DataTypes.Field... values) {
    List<DataTypes.Field> fields = new ArrayList<>(List.of(values));
    fields.add(0, DataTypes.FIELD("k", DataTypes.STRING().notNull()));
    RowType columns = (RowType) DataTypes.ROW(fields).getLogicalType();
    return new Dimension("tab", columns, List.of("k"), Map.of());
  }

  private static Sizing sizing(DimensionStore store, Dimension dimension) {
    return store.table(dimension.table()).capability(Sizing.class).orElseThrow();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void percentilesAreExact() {
    Sizes sizes = new Sizes();
    for (int i = 10_000; i > 0; i--) {
      sizes.add(i);
    }
    assertThat(sizes.percentile(0.5)).isEqualTo(5_000);
    assertThat(sizes.percentile(0.99)).isEqualTo(9_900);
    assertThat(sizes.percentile(1)).isEqualTo(10_000);
    assertThat(sizes.total()).isEqualTo(50_005_000);
  }
}
