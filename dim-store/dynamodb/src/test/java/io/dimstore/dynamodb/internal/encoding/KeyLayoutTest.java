// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.dynamodb.faults.Json;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.Key;
import io.dimstore.spi.TableSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class KeyLayoutTest {

  private static KeyLayout layout(DataType... types) {
    List<Column> columns = new ArrayList<>();
    for (DataType type : types) {
      columns.add(new Column("k" + columns.size(), type));
    }
    return KeyLayout.of(new TableSpec("t", columns, columns.stream().map(Column::name).toList()));
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        arguments(List.of(DataType.STRING), "[k0 S]"),
        arguments(List.of(DataType.BYTES), "[k0 B]"),
        arguments(List.of(Simple.BIGINT), "[k0 N]"),
        arguments(List.of(new DataType.Decimal(38, 38)), "[k0 N]"),
        arguments(List.of(new DataType.TimestampLtz(3)), "[k0 S]"),
        arguments(List.of(DataType.STRING, Simple.INT), "[k0 S, k1 N]"),
        arguments(List.of(Simple.DATE, DataType.BYTES), "[k0 S, k1 B]"),
        arguments(List.of(Simple.BOOLEAN), "[__dim_key B]"),
        arguments(List.of(Simple.DOUBLE), "[__dim_key B]"),
        arguments(List.of(DataType.STRING, Simple.FLOAT), "[__dim_key B]"),
        arguments(List.of(DataType.STRING, DataType.STRING, Simple.INT), "[__dim_key B]"));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void oneOrTwoColumnsOfKeyTypesAreTheKeyAndOthersAreEncoded(List<DataType> types, String key) {
    assertThat(
            layout(types.toArray(DataType[]::new)).attributes().stream()
                .map(attribute -> attribute.name() + " " + attribute.type())
                .toList())
        .hasToString(key);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        arguments(layout(DataType.STRING), Key.of("a"), "{'k0':{'S':'a'}}"),
        arguments(
            layout(DataType.STRING, Simple.INT),
            Key.of("a", -1),
            "{'k0':{'S':'a'},'k1':{'N':'-1'}}"),
        arguments(
            layout(new DataType.TimestampLtz(3)),
            Key.of(Instant.EPOCH),
            "{'k0':{'S':'1970-01-01T00:00:00Z'}}"),
        arguments(
            layout(Simple.BOOLEAN), Key.of(true), "{'__dim_key':{'B':'AQ=='},'k0':{'BOOL':true}}"),
        arguments(
            layout(DataType.STRING, DataType.STRING, Simple.TINYINT),
            Key.of("", "a", (byte) 1),
            "{'__dim_key':{'B':'AAFhAAGB'},'k0':{'S':''},'k1':{'S':'a'},'k2':{'N':'1'}}"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyHasItsDocumentedFormAndComesBack(KeyLayout layout, Key key, String form) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    layout.addTo(item, key);
    assertThat(Json.of(item)).isEqualTo(form.replace('\'', '"'));
    assertThat(item).containsAllEntriesOf(layout.primaryKey(key));
    assertThat(layout.keyOf(item)).isEqualTo(key);
  }

  @Test
  void rangeWithinAPartitionIsAQuery() {
    KeyLayout layout = layout(DataType.STRING, Simple.INT);
    Key least = Key.of("a", Integer.MIN_VALUE);
    Key end = Key.of("a\0", Integer.MIN_VALUE);
    assertThat(form(layout.query(least, end)))
        .isEqualTo("#0 = :partition {#0=k0} {':partition':{'S':'a'}}");
    assertThat(form(layout.query(Key.of("a", 1), end)))
        .isEqualTo(
            "#0 = :partition AND #1 >= :first {#0=k0, #1=k1}"
                + " {':first':{'N':'1'},':partition':{'S':'a'}}");
    assertThat(form(layout.query(least, Key.of("a", 7))))
        .isEqualTo(
            "#0 = :partition AND #1 < :end {#0=k0, #1=k1}"
                + " {':end':{'N':'7'},':partition':{'S':'a'}}");
    assertThat(form(layout.query(Key.of("a", 1), Key.of("a", 7))))
        .isEqualTo(
            "#0 = :partition AND #1 BETWEEN :first AND :end {#0=k0, #1=k1}"
                + " {':end':{'N':'7'},':first':{'N':'1'},':partition':{'S':'a'}}");
    KeyLayout times = layout(DataType.STRING, new DataType.TimestampLtz(3));
    assertThat(form(times.query(Key.of("a", Instant.EPOCH), Key.of("a", Instant.MAX))))
        .as("times do not sort as text")
        .isEqualTo("#0 = :partition {#0=k0} {':partition':{'S':'a'}}");
    KeyLayout texts = layout(Simple.INT, DataType.STRING);
    assertThat(form(texts.query(Key.of(Integer.MAX_VALUE, "x".repeat(1025)), null)))
        .as("text that is too long for a sort key")
        .isEqualTo("#0 = :partition {#0=k0} {':partition':{'N':'2147483647'}}");
  }

  @Test
  void rangeOfSeveralPartitionsIsNoQuery() {
    KeyLayout layout = layout(DataType.STRING, Simple.INT);
    assertThat(layout.query(null, null)).isNull();
    assertThat(layout.query(null, Key.of("a", 1))).isNull();
    assertThat(layout.query(Key.of("a", 1), null)).isNull();
    assertThat(layout.query(Key.of("a", 1), Key.of("b", 1))).isNull();
    assertThat(layout(DataType.STRING).query(Key.of("a"), Key.of("a\0"))).isNull();
    KeyLayout encoded = layout(DataType.STRING, DataType.STRING, Simple.INT);
    assertThat(encoded.query(Key.of("a", "a", 1), Key.of("a", "a", 2))).isNull();
  }

  @Test
  void partitionThatCannotExistIsNotQueried() {
    KeyLayout layout = layout(DataType.STRING, Simple.INT);
    String tooLong = "x".repeat(2049);
    for (String partition : List.of("", tooLong)) {
      PartitionQuery query =
          layout.query(Key.of(partition, 1), Key.of(partition + "\0", Integer.MIN_VALUE));
      assertThat(query).isNotNull();
      assertThat(query.isEmpty()).isTrue();
    }
    assertThat(layout.query(Key.of("a", 3), Key.of("a", 3)).isEmpty()).isTrue();
  }

  private static String form(PartitionQuery query) {
    return query.condition()
        + " "
        + query.names()
        + " "
        + Json.of(query.values()).replace('"', '\'');
  }

  @Test
  void keysWithEqualNumbersStayDistinct() {
    Set<String> forms = new HashSet<>();
    List<Double> values = List.of(0.0, -0.0, Double.NaN, Double.MIN_VALUE, 1e300);
    for (double value : values) {
      forms.add(Json.of(layout(Simple.DOUBLE).primaryKey(Key.of(value))));
    }
    assertThat(forms).hasSameSizeAs(values);
  }

  @Test
  void decimalsOfOneScaleAreTheSameKeyIfAndOnlyIfEqual() {
    KeyLayout layout = layout(new DataType.Decimal(5, 2));
    Key key = Key.of(new BigDecimal("1.50"));
    assertThat(layout.keyOf(Map.of("k0", AttributeValue.fromN("1.5")))).isEqualTo(key);
  }

  @Test
  void emptyTextAndBytesAreRefusedAsNativeKeysAndAcceptedAsEncodedOnes() {
    assertThat(layout(DataType.STRING).problemOf(Key.of(""))).contains("k0 is empty");
    assertThat(layout(DataType.BYTES).problemOf(Key.of(new byte[0]))).contains("k0 is empty");
    assertThat(layout(Simple.INT, DataType.STRING).problemOf(Key.of(1, ""))).contains("k1");
    assertThat(layout(Simple.BOOLEAN, DataType.STRING).problemOf(Key.of(true, ""))).isNull();
  }

  @Test
  void keysAreLimitedToTheServicesSizes() {
    KeyLayout pair = layout(DataType.STRING, DataType.STRING);
    assertThat(pair.problemOf(Key.of("é".repeat(1024), "s".repeat(1024)))).isNull();
    assertThat(pair.problemOf(Key.of("é".repeat(1024) + "x", "s")))
        .contains("2049 bytes; at most 2048");
    assertThat(pair.problemOf(Key.of("p", "s".repeat(1025)))).contains("1025 bytes; at most 1024");
    assertThat(layout(Simple.BOOLEAN, DataType.STRING).problemOf(Key.of(true, "x".repeat(2046))))
        .contains("2049 bytes; at most 2048");
  }
}
