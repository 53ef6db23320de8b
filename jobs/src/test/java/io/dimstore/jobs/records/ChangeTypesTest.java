// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Parses values of every SQL type, good and bad, and keys of every form. */
class ChangeTypesTest {

  private static final DataType ADDRESS =
      DataTypes.ROW(
          DataTypes.FIELD("city", DataTypes.STRING().notNull()),
          DataTypes.FIELD("zip", DataTypes.INT()));

  /** A value of column {@code c} in JSON, and in the row. */
  record Good(DataType type, String json, Object value) {}

  static final List<Good> GOOD =
      List.of(
          new Good(DataTypes.BOOLEAN(), "true", true),
          new Good(DataTypes.BOOLEAN(), "false", false),
          new Good(DataTypes.TINYINT(), "-128", Byte.MIN_VALUE),
          new Good(DataTypes.SMALLINT(), "32767", Short.MAX_VALUE),
          new Good(DataTypes.INT(), "-2147483648", Integer.MIN_VALUE),
          new Good(DataTypes.BIGINT(), "9223372036854775807", Long.MAX_VALUE),
          new Good(DataTypes.FLOAT(), "1", 1f),
          new Good(DataTypes.FLOAT(), "3.4028235E38", Float.MAX_VALUE),
          new Good(DataTypes.FLOAT(), "\"NaN\"", Float.NaN),
          new Good(DataTypes.DOUBLE(), "0.1", 0.1),
          new Good(DataTypes.DOUBLE(), "-0.0", -0.0),
          new Good(DataTypes.DOUBLE(), "0.00E-400", 0.0),
          new Good(DataTypes.DOUBLE(), "4.9E-324", Double.MIN_VALUE),
          new Good(DataTypes.FLOAT(), "0.1000000001", 0.1f),
          new Good(DataTypes.DOUBLE(), "\"-Infinity\"", Double.NEGATIVE_INFINITY),
          new Good(DataTypes.DECIMAL(5, 2), "0", new BigDecimal("0.00")),
          new Good(DataTypes.DECIMAL(5, 2), "0E-999999", new BigDecimal("0.00")),
          new Good(DataTypes.DECIMAL(5, 2), "0E2147483647", new BigDecimal("0.00")),
          new Good(DataTypes.DECIMAL(5, 2), "-999.99", new BigDecimal("-999.99")),
          new Good(DataTypes.DECIMAL(5, 2), "1.5000", new BigDecimal("1.50")),
          new Good(DataTypes.DECIMAL(5, 2), "1.2E2", new BigDecimal("120.00")),
          new Good(
              DataTypes.DECIMAL(38, 18),
              "12345678901234567890.123456789012345678",
              new BigDecimal("12345678901234567890.123456789012345678")),
          new Good(DataTypes.CHAR(2), "\"DE\"", "DE"),
          new Good(DataTypes.CHAR(1), "\"\uD83D\uDE00\"", "\uD83D\uDE00"),
          new Good(DataTypes.VARCHAR(3), "\"\"", ""),
          new Good(DataTypes.VARCHAR(3), "\"abc\"", "abc"),
          new Good(DataTypes.STRING(), "\"a\\u0000b\"", "a\u0000b"),
          new Good(DataTypes.BINARY(2), "\"AP8=\"", new byte[] {0, -1}),
          new Good(DataTypes.VARBINARY(3), "\"AQID\"", new byte[] {1, 2, 3}),
          new Good(DataTypes.BYTES(), "\"\"", new byte[0]),
          new Good(DataTypes.DATE(), "\"2024-02-29\"", LocalDate.of(2024, 2, 29)),
          new Good(DataTypes.DATE(), "\"0001-01-01\"", LocalDate.of(1, 1, 1)),
          new Good(DataTypes.TIME(0), "\"23:59:59\"", LocalTime.of(23, 59, 59)),
          new Good(DataTypes.TIME(0), "\"23:59:59.000\"", LocalTime.of(23, 59, 59)),
          new Good(DataTypes.TIME(3), "\"01:00:00.5\"", LocalTime.of(1, 0, 0, 500_000_000)),
          new Good(
              DataTypes.TIMESTAMP(3),
              "\"2024-12-31T23:59:59.123\"",
              LocalDateTime.of(2024, 12, 31, 23, 59, 59, 123_000_000)),
          new Good(
              DataTypes.TIMESTAMP(9),
              "\"2024-12-31 23:59:59.123456789\"",
              LocalDateTime.of(2024, 12, 31, 23, 59, 59, 123_456_789)),
          new Good(
              DataTypes.TIMESTAMP_LTZ(3),
              "\"2024-12-31T23:59:59Z\"",
              Instant.parse("2024-12-31T23:59:59Z")),
          new Good(
              DataTypes.TIMESTAMP_LTZ(3),
              "\"2025-01-01 01:29:59.5+01:30\"",
              Instant.parse("2024-12-31T23:59:59.5Z")),
          new Good(
              DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()), "-14", Period.of(-1, -2, 0)),
          new Good(
              DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
              "-1",
              Duration.ofMillis(-1)),
          new Good(DataTypes.ARRAY(DataTypes.STRING()), "[]", new Object[0]),
          new Good(
              DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.DECIMAL(3, 1))),
              "[[1, null], null]",
              new Object[] {new Object[] {new BigDecimal("1.0"), null}, null}),
          new Good(
              DataTypes.MAP(DataTypes.STRING(), DataTypes.INT()),
              "{\"\": 1, \"b\": null}",
              mapOf("", 1, "b", null)),
          new Good(
              DataTypes.MAP(DataTypes.DATE(), DataTypes.ARRAY(DataTypes.BOOLEAN())),
              "{\"2024-02-29\": [true]}",
              Map.of(LocalDate.of(2024, 2, 29), new Object[] {true})),
          new Good(
              DataTypes.MAP(DataTypes.INT(), DataTypes.STRING()),
              "{\"-7\": \"x\"}",
              Map.of(-7, "x")),
          new Good(
              DataTypes.MAP(DataTypes.DECIMAL(3, 1), DataTypes.INT()),
              "{\"1.50\": 1}",
              Map.of(new BigDecimal("1.5"), 1)),
          new Good(DataTypes.MULTISET(DataTypes.STRING()), "{\"a\": 2}", Map.of("a", 2)),
          new Good(ADDRESS, "{\"zip\": null, \"more\": [{}], \"city\": \"X\"}", Row.of("X", null)),
          new Good(
              DataTypes.ARRAY(ADDRESS),
              "[{\"city\": \"\", \"zip\": 1}, {\"city\": \"Y\", \"zip\": 2}]",
              new Object[] {Row.of("", 1), Row.of("Y", 2)}));

  @ParameterizedTest
  @FieldSource("GOOD")
  void valueIsParsedExactly(Good good) throws BadRecord {
    Object value = parse(good.type(), good.json()).getField(1);
    assertThat(text(value)).isEqualTo(text(good.value()));
    if (!(value instanceof Map)) {
      assertThat(value).hasSameClassAs(good.value());
    }
    assertThat(parse(good.type(), "null").getField(1)).isNull();
  }

  /** Every type that a store keeps has an example. */
  @Test
  void everyTypeHasAGoodAndABadExample() {
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
    assertThat(GOOD.stream().map(good -> root(good.type())).collect(Collectors.toSet()))
        .isEqualTo(kept);
    assertThat(BAD.stream().map(bad -> root(bad.type())).collect(Collectors.toSet()))
        .isEqualTo(kept);
  }

  private static LogicalTypeRoot root(DataType type) {
    return type.getLogicalType().getTypeRoot();
  }

  /** A value of column {@code c} that is refused, and the dead letter. */
  record Bad(DataType type, String json, String message) {}

  static final List<Bad> BAD =
      List.of(
          new Bad(DataTypes.BOOLEAN(), "\"true\"", "wrong-type: c is not true or false"),
          new Bad(DataTypes.BOOLEAN(), "0", "wrong-type: c is not true or false"),
          new Bad(DataTypes.TINYINT(), "128", "out-of-range: c does not fit TINYINT"),
          new Bad(DataTypes.SMALLINT(), "-32769", "out-of-range: c does not fit SMALLINT"),
          new Bad(DataTypes.INT(), "1.0", "wrong-type: c is not a whole number"),
          new Bad(DataTypes.INT(), "[1]", "wrong-type: c is not a whole number"),
          new Bad(DataTypes.BIGINT(), "9223372036854775808", "out-of-range: c does not fit BIGINT"),
          new Bad(DataTypes.FLOAT(), "3.5E38", "out-of-range: c does not fit FLOAT"),
          new Bad(DataTypes.FLOAT(), "\"1\"", "wrong-type: c is not a number"),
          new Bad(DataTypes.FLOAT(), "1E-46", "out-of-range: c does not fit FLOAT"),
          new Bad(DataTypes.FLOAT(), "-1E-46", "out-of-range: c does not fit FLOAT"),
          new Bad(DataTypes.DOUBLE(), "0.03E-400", "out-of-range: c does not fit DOUBLE"),
          new Bad(DataTypes.DOUBLE(), "1e-99999999999", "out-of-range: c does not fit DOUBLE"),
          new Bad(DataTypes.DOUBLE(), "-1E400", "out-of-range: c does not fit DOUBLE"),
          new Bad(DataTypes.DOUBLE(), "\"nan\"", "wrong-type: c is not a number"),
          new Bad(DataTypes.DECIMAL(5, 2), "1.234", "out-of-range: c does not fit DECIMAL(5, 2)"),
          new Bad(DataTypes.DECIMAL(5, 2), "1000", "out-of-range: c does not fit DECIMAL(5, 2)"),
          new Bad(
              DataTypes.DECIMAL(5, 2),
              "1E2147483647",
              "out-of-range: c does not fit DECIMAL(5, 2)"),
          new Bad(
              DataTypes.DECIMAL(5, 2),
              "1E-99999999999",
              "out-of-range: c does not fit DECIMAL(5, 2)"),
          new Bad(
              DataTypes.DECIMAL(5, 2),
              "100E2147483647",
              "out-of-range: c does not fit DECIMAL(5, 2)"),
          new Bad(
              DataTypes.MAP(DataTypes.DECIMAL(5, 2), DataTypes.INT()),
              "{\"100E2147483647\": 1}",
              "out-of-range: c.key does not fit DECIMAL(5, 2)"),
          new Bad(DataTypes.DECIMAL(5, 2), "\"1.5\"", "wrong-type: c is not a number"),
          new Bad(DataTypes.CHAR(2), "\"D\"", "out-of-range: c is shorter than 2 characters"),
          new Bad(DataTypes.CHAR(2), "\"DEU\"", "out-of-range: c is longer than 2 characters"),
          new Bad(DataTypes.VARCHAR(3), "\"abcd\"", "out-of-range: c is longer than 3 characters"),
          new Bad(DataTypes.VARCHAR(3), "7", "wrong-type: c is not text"),
          new Bad(DataTypes.BINARY(2), "\"AA==\"", "out-of-range: c is shorter than 2 bytes"),
          new Bad(DataTypes.VARBINARY(1), "\"AQID\"", "out-of-range: c is longer than 1 bytes"),
          new Bad(DataTypes.BYTES(), "\"?\"", "wrong-type: c is not binary data in Base64"),
          new Bad(DataTypes.BYTES(), "\"AQI\"", "wrong-type: c is not binary data in Base64"),
          new Bad(DataTypes.BYTES(), "\"AQJ=\"", "wrong-type: c is not binary data in Base64"),
          new Bad(
              DataTypes.BYTES(),
              "\"" + "A".repeat(43_692) + "\"",
              "out-of-range: c is longer than 32768 bytes"),
          new Bad(
              DataTypes.DATE(), "\"2023-02-29\"", "wrong-type: c is not a DATE such as 2024-12-31"),
          new Bad(DataTypes.DATE(), "19000", "wrong-type: c is not a DATE such as 2024-12-31"),
          new Bad(
              DataTypes.DATE(), "\"0000-01-01\"", "out-of-range: c is not in the years 1 to 9999"),
          new Bad(
              DataTypes.TIME(0), "\"24:00:01\"", "wrong-type: c is not a TIME such as 23:59:59"),
          new Bad(
              DataTypes.TIME(0),
              "\"01:00:00.5\"",
              "out-of-range: c has more than 0 digits of a second"),
          new Bad(
              DataTypes.TIME(9),
              "\"01:00:00.0001\"",
              "out-of-range: c has more than 3 digits of a second"),
          new Bad(
              DataTypes.TIMESTAMP(3),
              "\"2024-12-31T23:59:59Z\"",
              "wrong-type: c is not a TIMESTAMP such as 2024-12-31T23:59:59"),
          new Bad(
              DataTypes.TIMESTAMP(3),
              "\"2024-12-31T23:59:59.0001\"",
              "out-of-range: c has more than 3 digits of a second"),
          new Bad(
              DataTypes.TIMESTAMP_LTZ(3),
              "\"2024-12-31T23:59:59\"",
              "wrong-type: c is not a TIMESTAMP_LTZ such as 2024-12-31T23:59:59Z"),
          new Bad(
              DataTypes.TIMESTAMP_LTZ(3),
              "1735689599000",
              "wrong-type: c is not a TIMESTAMP_LTZ such as 2024-12-31T23:59:59Z"),
          new Bad(
              DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()),
              "\"P1Y\"",
              "wrong-type: c is not a whole number of months"),
          new Bad(
              DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
              "0.5",
              "wrong-type: c is not a whole number of milliseconds"),
          new Bad(DataTypes.ARRAY(DataTypes.INT()), "1", "wrong-type: c is not an array"),
          new Bad(
              DataTypes.ARRAY(DataTypes.INT()),
              "[1, \"2\"]",
              "wrong-type: c[] is not a whole number"),
          new Bad(DataTypes.ARRAY(DataTypes.INT().notNull()), "[null]", "missing-field: c[]"),
          new Bad(
              DataTypes.MAP(DataTypes.STRING(), DataTypes.DATE()),
              "{\"a\": \"x\"}",
              "wrong-type: c.value is not a DATE such as 2024-12-31"),
          new Bad(
              DataTypes.MAP(DataTypes.INT(), DataTypes.INT()),
              "{\"1 2\": 1}",
              "wrong-type: c.key is not a whole number"),
          new Bad(
              DataTypes.MAP(DataTypes.STRING(), DataTypes.INT()),
              "{\"a\": 1, \"a\": 2}",
              "duplicate-field: c.key"),
          new Bad(
              DataTypes.MAP(DataTypes.BYTES(), DataTypes.INT()),
              "{\"AQI=\": 1, \"AQI=\": 2}",
              "duplicate-field: c.key"),
          new Bad(
              DataTypes.MULTISET(DataTypes.BYTES()),
              "{\"AQI=\": 1, \"\": 1, \"AQI=\": 2}",
              "duplicate-field: c.key"),
          new Bad(
              DataTypes.MULTISET(DataTypes.STRING()), "{\"a\": null}", "missing-field: c.value"),
          new Bad(ADDRESS, "{\"city\": \"X\"}", "missing-field: c.zip"),
          new Bad(ADDRESS, "{\"city\": null, \"zip\": 1}", "missing-field: c.city"),
          new Bad(ADDRESS, "{\"city\": \"X\", \"zip\": 1, \"zip\": 1}", "duplicate-field: c.zip"),
          new Bad(
              ADDRESS,
              "{\"city\": \"X\", \"zip\": \"1\"}",
              "wrong-type: c.zip is not a whole number"));

  @ParameterizedTest
  @FieldSource("BAD")
  void valueThatDoesNotFitIsRefusedByTheNameOfItsColumn(Bad bad) {
    assertThatThrownBy(() -> parse(bad.type(), bad.json()))
        .isInstanceOf(BadRecord.class)
        .hasMessage(bad.message());
  }

  /** Any other exception would stop the job at this record, and again after each restart. */
  @Test
  void numberWithAHugeExponentIsRefusedInEveryNumericColumn() {
    List<DataType> types =
        List.of(
            DataTypes.BIGINT(),
            DataTypes.FLOAT(),
            DataTypes.DOUBLE(),
            DataTypes.DECIMAL(38, 38),
            DataTypes.DECIMAL(38, 0));
    for (String digits : List.of("1", "-100", "0.001", "1.50", "9".repeat(999))) {
      for (String exponent :
          List.of("999", "1000000000", "2147483645", "2147483647", "2147483648", "99999999999")) {
        for (String sign : List.of("", "-")) {
          for (DataType type : types) {
            String number = digits + "E" + sign + exponent;
            assertThatThrownBy(() -> parse(type, number))
                .as("%s as %s", number, type)
                .isInstanceOf(BadRecord.class);
          }
        }
      }
    }
  }

  @Test
  void recordKeyWithAHugeExponentDoesNotMatch() {
    ChangeParser byFee = parser(List.of("fee"), field("fee", DataTypes.DECIMAL(5, 2).notNull()));
    String change = "{'op':'delete','fee':1.50,'version':1}";
    for (String other : List.of("100E2147483647", "{'fee':100E2147483647}")) {
      assertThatThrownBy(() -> parse(byFee, other, change))
          .hasMessage("key-mismatch: the record's key is not its fee");
    }
    assertThatThrownBy(() -> parse(byFee, "1.5", change.replace("1.50", "100E2147483647")))
        .hasMessage("out-of-range: fee does not fit DECIMAL(5, 2)");
  }

  @Test
  void nullInAColumnThatIsNotNullIsRefused() {
    assertThatThrownBy(() -> parse(DataTypes.DATE().notNull(), "null"))
        .hasMessage("missing-field: c");
  }

  @Test
  void columnsThatChangesCannotHaveAreRefused() {
    assertThatThrownBy(() -> parser(List.of("id"), field("version", DataTypes.BIGINT())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "column 'version' has the name of a field that every change has: give it another name");
    assertThatThrownBy(
            () ->
                parser(
                    List.of("id"),
                    field("m", DataTypes.MAP(DataTypes.ARRAY(DataTypes.INT()), DataTypes.INT()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column 'm' has keys of type ARRAY<INT>");
  }

  @Test
  void keyOfAnyTypeIsTheTextOfItsColumnOrAJsonObject() throws BadRecord {
    ChangeParser byDate = parser(List.of("day"), field("day", DataTypes.DATE().notNull()));
    String change = "{'op':'delete','id':null,'day':'2024-02-29','version':1}";
    assertThat(parse(byDate, "2024-02-29", change).getField(1))
        .isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(parse(byDate, "{'day':'2024-02-29'}", change).getArity()).isEqualTo(3);
    ChangeParser byNumber = parser(List.of("n"), field("n", DataTypes.BIGINT().notNull()));
    assertThat(parse(byNumber, "17", "{'op':'delete','n':17,'version':1}").getField(1))
        .isEqualTo(17L);
    for (String other : List.of("18", "", "x", "17 17", "{'n':18}", "{}", "{'n':17,'n':17}")) {
      assertThatThrownBy(() -> parse(byNumber, other, "{'op':'delete','n':17,'version':1}"))
          .hasMessage("key-mismatch: the record's key is not its n");
    }
  }

  @Test
  void compositeKeyIsAJsonObjectInAnyOrder() throws BadRecord {
    ChangeParser devices =
        parser(
            List.of("vendor", "serial"),
            field("serial", DataTypes.BIGINT().notNull()),
            field("note", DataTypes.STRING()),
            field("vendor", DataTypes.STRING().notNull()));
    String change = "{'op':'upsert','id':'i','serial':17,'note':null,'vendor':'acme','version':1}";
    assertThat(parse(devices, "{'serial':17, 'vendor':'acme'}", change))
        .isEqualTo(Row.of("i", 17L, null, "acme", 1L));
    List<String> wrong =
        List.of(
            "acme",
            "['acme',17]",
            "{'vendor':'acme'}",
            "{'vendor':'acme','vendor':'acme'}",
            "{'vendor':'acme','serial':'17'}",
            "{'vendor':'acme','serial':18}",
            "{'vendor':'acme','serial':17,'more':1}",
            "{'vendor':'acme','serial':17}{}");
    for (String other : wrong) {
      assertThatThrownBy(() -> parse(devices, other, change))
          .hasMessage(
              "key-mismatch: the record's key is not a JSON object with its vendor, serial");
    }
    assertThatThrownBy(() -> parse(devices, "{}", change.replace("acme", "")))
        .hasMessage("empty-key: vendor");
    assertThatThrownBy(() -> parse(devices, "{}", change.replace("acme", "\u20ac".repeat(342))))
        .hasMessage("out-of-range: the key is longer than 1024 bytes");
  }

  private static DataTypes.Field field(String name, DataType type) {
    return DataTypes.FIELD(name, type);
  }

  private static ChangeParser parser(List<String> key, DataTypes.Field... more) {
    DataTypes.Field[] fields = new DataTypes.Field[more.length + 1];
    fields[0] = field("id", DataTypes.STRING());
    System.arraycopy(more, 0, fields, 1, more.length);
    return new ChangeParser((RowType) DataTypes.ROW(fields).getLogicalType(), key, null);
  }

  private static Row parse(DataType type, String value) throws BadRecord {
    return parser(List.of("id"), field("c", type))
        .parse(
            "k".getBytes(StandardCharsets.UTF_8),
            ("{\"op\":\"upsert\",\"id\":\"k\",\"c\":" + value + ",\"version\":1}")
                .getBytes(StandardCharsets.UTF_8),
            0);
  }

  private static Row parse(ChangeParser parser, String key, String json) throws BadRecord {
    return parser.parse(
        key.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        0);
  }

  private static Map<Object, Object> mapOf(Object a, Object x, Object b, Object y) {
    Map<Object, Object> map = new java.util.HashMap<>(Collections.singletonMap(a, x));
    map.put(b, y);
    return map;
  }

  /** Prints a value with the contents of its arrays. */
  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(ChangeTypesTest::text).toList().toString();
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> text(entry.getKey()) + "=" + text(entry.getValue()))
          .sorted()
          .toList()
          .toString();
    }
    return String.valueOf(value);
  }
}
