// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.dynamodb.faults.Json;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemLayoutTest {

  private static final long NOW = 1_000_500;
  private static final long RETENTION = 60_000;
  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(
              new Column("k", DataType.STRING),
              new Column("a", DataType.STRING),
              new Column("n", DataType.Simple.INT)),
          List.of("k"));
  private static final ItemLayout LAYOUT = new ItemLayout(SPEC, KeyLayout.of(SPEC), RETENTION);
  private static final Key KEY = Key.of("key");

  static Stream<Arguments> changes() {
    return Stream.of(
        arguments(
            new Put(KEY, Row.of("x", 1), 7),
            "{'__dim_c':{'S':'u59-sXXN'},'__dim_v':{'N':'7'},'a':{'S':'x'},'k':{'S':'key'},'n':{'N':'1'}}"),
        arguments(
            new Put(KEY, Row.of(null, 1), 7),
            "{'__dim_c':{'S':'u59-sXXN'},'__dim_v':{'N':'7'},'a':{'NULL':true},'k':{'S':'key'},'n':{'N':'1'}}"),
        arguments(
            new Put(KEY, Row.of(null, null), 7, 2_000_001),
            "{'__dim_c':{'S':'u59-sXXN'},'__dim_ttl':{'N':'2061'},'__dim_v':{'N':'7'},'__dim_x':{'N':'2000001'},"
                + "'a':{'NULL':true},'k':{'S':'key'},'n':{'NULL':true}}"),
        arguments(
            new Delete(KEY, 8),
            "{'__dim_c':{'S':'u59-sXXN'},'__dim_d':{'BOOL':true},'__dim_ttl':{'N':'1061'},'__dim_v':{'N':'8'},"
                + "'k':{'S':'key'}}"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeHasItsDocumentedFormAndComesBack(Change change, String form) {
    Map<String, AttributeValue> item = LAYOUT.encode(change, NOW);
    assertThat(Json.of(item)).isEqualTo(form.replace('\'', '"'));
    assertThat(decode(item, NOW)).isEqualTo(change);
  }

  @Test
  void anItemWithoutVersionIsAnotherToolsRowOfVersion0() {
    assertThat(
            decode(Map.of("k", AttributeValue.fromS("key"), "n", AttributeValue.fromN("1")), NOW))
        .isEqualTo(new Put(KEY, Row.of(null, 1), 0));
  }

  @Test
  void anExpiredRowIsATombstoneUntilItsRetentionIsOver() {
    Map<String, AttributeValue> item =
        LAYOUT.encode(new Put(KEY, Row.of("x", 1), 7, 2_000_000), NOW);
    assertThat(decode(item, 1_999_999)).isInstanceOf(Put.class);
    assertThat(decode(item, 2_000_000)).isEqualTo(new Delete(KEY, 7));
    assertThat(decode(item, 2_059_999)).isEqualTo(new Delete(KEY, 7));
    assertThat(decode(item, 2_060_000)).isNull();
  }

  @Test
  void aPutThatArrivesExpiredIsKeptForOneRetentionFromNow() {
    Map<String, AttributeValue> item = LAYOUT.encode(new Put(KEY, Row.of("x", 1), 7, 1), NOW);
    assertThat(item.get("__dim_ttl").n()).isEqualTo("1061");
    assertThat(decode(item, NOW + RETENTION - 1)).isEqualTo(new Delete(KEY, 7));
  }

  @Test
  void anExpiryAtTheEndOfTimeDoesNotOverflow() {
    Put put = new Put(KEY, Row.of("x", 1), 7, Long.MAX_VALUE - 1);
    Map<String, AttributeValue> item = LAYOUT.encode(put, NOW);
    assertThat(item.get("__dim_ttl").n()).isEqualTo("9223372036854776");
    assertThat(decode(item, NOW)).isEqualTo(put);
  }

  @Test
  void anUnreadableItemIsCorruptAndNamesKeyAndAttribute() {
    Map<String, AttributeValue> item = new HashMap<>(LAYOUT.encode(new Delete(KEY, 1), NOW));
    item.remove("__dim_d");
    item.put("n", AttributeValue.fromS("no number"));
    assertThatThrownBy(() -> decode(item, NOW))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT);
              assertThat(e.keys()).containsExactly(KEY);
              assertThat(e).hasMessageContaining("attribute n").hasMessageContaining("type S");
            });
  }

  @Test
  void anItemWhoseKeyCannotBeReadIsCorrupt() {
    assertThatThrownBy(() -> decode(Map.of("k", AttributeValue.fromN("1")), NOW))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
  }

  private static Change decode(Map<String, AttributeValue> item, long now) {
    return LAYOUT.decode(item, LAYOUT.plan(SPEC.all()), now);
  }
}
