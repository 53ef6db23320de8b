// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonFormatOptions.MapNullKeyMode;
import org.apache.flink.formats.json.JsonRowDataSerializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the bytes with those of Flink's own format. */
class JsonRowEncoderTest {

  private static final RowType ALL =
      (RowType)
          DataTypes.ROW(
                  DataTypes.FIELD("plain", DataTypes.STRING()),
                  DataTypes.FIELD("na\"me é", DataTypes.CHAR(5)),
                  DataTypes.FIELD("bool", DataTypes.BOOLEAN()),
                  DataTypes.FIELD("tiny", DataTypes.TINYINT()),
                  DataTypes.FIELD("small", DataTypes.SMALLINT()),
                  DataTypes.FIELD("int", DataTypes.INT()),
                  DataTypes.FIELD("big", DataTypes.BIGINT()),
                  DataTypes.FIELD("float", DataTypes.FLOAT()),
                  DataTypes.FIELD("double", DataTypes.DOUBLE()),
                  DataTypes.FIELD("decimal", DataTypes.DECIMAL(30, 10)),
                  DataTypes.FIELD("bytes", DataTypes.BYTES()),
                  DataTypes.FIELD("date", DataTypes.DATE()),
                  DataTypes.FIELD("time", DataTypes.TIME(0)),
                  DataTypes.FIELD("at", DataTypes.TIMESTAMP(9)),
                  DataTypes.FIELD("ltz", DataTypes.TIMESTAMP_LTZ(9)),
                  DataTypes.FIELD("array", DataTypes.ARRAY(DataTypes.STRING())),
                  DataTypes.FIELD("map", DataTypes.MAP(DataTypes.STRING(), DataTypes.BIGINT())),
                  DataTypes.FIELD(
                      "row",
                      DataTypes.ROW(
                          DataTypes.FIELD("a", DataTypes.DECIMAL(5, 2)),
                          DataTypes.FIELD("b", DataTypes.ARRAY(DataTypes.TIMESTAMP_LTZ(3))))))
              .getLogicalType();

  private final Random random = new Random(7);

  @Test
  void bytesAreThoseOfTheFormatJson() throws Exception {
    SerializationSchema<RowData> ours = InstantiationUtil.clone(new JsonRowEncoder(ALL));
    SerializationSchema<RowData> flinks = flinks(ALL);
    for (int i = 0; i < 5_000; i++) {
      RowData row = (RowData) value(ALL);
      assertThat(text(ours.serialize(row))).isEqualTo(text(flinks.serialize(row)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "quote\" back\\ slash/", "\u0000\u001f\u007f", "é\u2028😀", "\n\t\r"})
  void textsAreEscapedAlike(String text) {
    RowType type = (RowType) DataTypes.ROW(DataTypes.STRING()).getLogicalType();
    RowData row = GenericRowData.of(StringData.fromString(text));
    assertThat(text(new JsonRowEncoder(type).serialize(row)))
        .isEqualTo(text(flinks(type).serialize(row)));
  }

  /** Such bytes come from records that Flink reads without decoding them. */
  @Test
  void bytesThatAreNoUtf8AreReplacedAlike() {
    RowType type = (RowType) DataTypes.ROW(DataTypes.STRING()).getLogicalType();
    RowData row = GenericRowData.of(StringData.fromBytes(new byte[] {'a', (byte) 0xff, 'b'}));
    assertThat(text(new JsonRowEncoder(type).serialize(row)))
        .isEqualTo(text(flinks(type).serialize(row)));
  }

  @Test
  void theRowAfterOneThatFailedIsWhole() {
    RowType type =
        (RowType)
            DataTypes.ROW(DataTypes.MAP(DataTypes.STRING(), DataTypes.INT())).getLogicalType();
    JsonRowEncoder encoder = new JsonRowEncoder(type);
    Map<Object, Object> nullKey = new LinkedHashMap<>();
    nullKey.put(StringData.fromString("a"), 1);
    nullKey.put(null, 2);
    assertThatThrownBy(() -> encoder.serialize(GenericRowData.of(new GenericMapData(nullKey))))
        .hasMessageContaining("null key");
    Map<Object, Object> good = Map.of(StringData.fromString("a"), 1);
    assertThat(text(encoder.serialize(GenericRowData.of(new GenericMapData(good)))))
        .isEqualTo("{\"f0\":{\"a\":1}}");
  }

  @Test
  void typesThatJsonDoesNotHaveAreRefusedByColumn() {
    LogicalType numbered =
        DataTypes.ROW(
                DataTypes.FIELD(
                    "outer",
                    DataTypes.ROW(
                        DataTypes.FIELD("m", DataTypes.MAP(DataTypes.INT(), DataTypes.STRING())))))
            .getLogicalType();
    assertThat(catchThrowable(() -> new JsonRowEncoder((RowType) numbered)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'outer.m'")
        .hasMessageContaining("Remedy");
  }

  @Test
  void theFormatIsFoundByItsName() {
    assertThat(
            FactoryUtil.discoverFactory(
                getClass().getClassLoader(), SerializationFormatFactory.class, "streaming-json"))
        .isInstanceOf(StreamingJsonFactory.class);
  }

  private static SerializationSchema<RowData> flinks(RowType type) {
    JsonRowDataSerializationSchema schema =
        new JsonRowDataSerializationSchema(
            type, TimestampFormat.ISO_8601, MapNullKeyMode.FAIL, "null", true, false);
    try {
      schema.open(null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return schema;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns a value in Flink's internal structures; one in ten is null. */
  private Object value(LogicalType type) {
    if (!type.equals(ALL) && random.nextInt(10) == 0) {
      return null;
    }
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> random.nextBoolean();
      case TINYINT -> (byte) random.nextInt();
      case SMALLINT -> (short) random.nextInt();
      case INTEGER -> random.nextInt();
      case BIGINT -> random.nextBoolean() ? random.nextLong() : random.nextInt(1000);
      case FLOAT -> random.nextInt(20) == 0 ? Float.NaN : random.nextFloat() * 1e9f;
      case DOUBLE ->
          random.nextInt(20) == 0
              ? Double.NEGATIVE_INFINITY
              : Double.longBitsToDouble(random.nextLong());
      case DECIMAL -> decimal(type);
      case CHAR, VARCHAR -> StringData.fromString(string());
      case VARBINARY -> string().getBytes(StandardCharsets.UTF_8);
      case DATE -> random.nextInt(60_000) - 20_000;
      case TIME_WITHOUT_TIME_ZONE -> random.nextInt(86_400_000);
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> time();
      case ARRAY ->
          new GenericArrayData(
              IntStream.range(0, random.nextInt(4))
                  .mapToObj(i -> value(type.getChildren().get(0)))
                  .toArray());
      case MAP -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(StringData.fromString("k" + i), value(((MapType) type).getValueType()));
        }
        yield new GenericMapData(map);
      }
      case ROW -> GenericRowData.of(type.getChildren().stream().map(this::value).toArray());
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  private Object decimal(LogicalType type) {
    boolean small = type.asSummaryString().equals("DECIMAL(5, 2)");
    BigInteger unscaled = new BigInteger(small ? 16 : 90, random);
    if (random.nextInt(4) == 0) {
      unscaled = unscaled.multiply(BigInteger.valueOf(1000)).mod(BigInteger.valueOf(50_000));
    }
    BigDecimal number = new BigDecimal(unscaled, small ? 2 : 10);
    return DecimalData.fromBigDecimal(number, small ? 5 : 30, small ? 2 : 10);
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int kind = random.nextInt(6);
      text.appendCodePoint(
          kind == 0
              ? random.nextInt(128)
              : kind == 1 ? 0x1F600 + random.nextInt(50) : 'a' + random.nextInt(26));
    }
    return text.toString();
  }

  private TimestampData time() {
    long millis =
        random.nextInt(10) == 0
            ? random.nextLong() % 300_000_000_000_000L
            : 1_700_000_000_000L + random.nextInt(100_000) * 10L;
    return TimestampData.fromEpochMillis(
        millis, random.nextBoolean() ? 0 : random.nextInt(1_000_000));
  }
}
