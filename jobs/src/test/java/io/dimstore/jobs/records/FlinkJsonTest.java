// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonRowDataDeserializationSchema;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The conversions of Flink's JSON format that keep it from parsing changes. If one fails, the
 * format has become stricter; see the decision on strict parsing.
 */
class FlinkJsonTest {

  /** A value of a type in JSON, and what the format reads. */
  record Lenient(DataType type, String json, String read) {}

  static final List<Lenient> LENIENT =
      List.of(
          new Lenient(DataTypes.DECIMAL(5, 2), "1000", "null"),
          new Lenient(DataTypes.DECIMAL(5, 2), "1.239", "1.24"),
          new Lenient(DataTypes.BOOLEAN(), "\"yes\"", "false"),
          new Lenient(DataTypes.INT(), "1.9", "1"),
          new Lenient(DataTypes.TIME(3), "\"12:00:00.5\"", "43200000"),
          new Lenient(DataTypes.STRING(), "{\"a\":1}", "{\"a\":1}"),
          new Lenient(DataTypes.VARCHAR(3), "\"abcdef\"", "abcdef"),
          new Lenient(DataTypes.INT(), "1,\"c\":2", "2"));

  @ParameterizedTest
  @FieldSource("LENIENT")
  void formatConvertsWhatAChangeMustNotHave(Lenient lenient) throws Exception {
    RowType row = (RowType) DataTypes.ROW(DataTypes.FIELD("c", lenient.type())).getLogicalType();
    JsonRowDataDeserializationSchema format =
        new JsonRowDataDeserializationSchema(
            row, InternalTypeInfo.of(row), true, false, TimestampFormat.ISO_8601);
    format.open(new Context());
    RowData read =
        format.deserialize(("{\"c\":" + lenient.json() + "}").getBytes(StandardCharsets.UTF_8));
    assertThat(String.valueOf(RowData.createFieldGetter(row.getTypeAt(0), 0).getFieldOrNull(read)))
        .isEqualTo(lenient.read());
  }

  private record Context() implements DeserializationSchema.InitializationContext {

    @Override
    public UnregisteredMetricsGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(FlinkJsonTest.class.getClassLoader());
    }
  }
}
