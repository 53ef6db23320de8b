// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.spi.Versions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeParserTest {

  private static final long ARRIVAL = 1_291_191_960_000L;

  private final ChangeParser users = parser("user", null);
  private final ChangeParser items = parser("item", null);

  @Test
  void anUpsertBecomesAnInsertOfTheWholeRow() throws BadRecord {
    Row row =
        parse(
            items,
            "85123A",
            """
            {"op":"upsert","item_id":"85123A","title":"WHITE HANGING HEART","category":"decor",
             "list_price":255,"version":1291191960000}""");
    assertThat(row)
        .isEqualTo(
            Row.ofKind(
                RowKind.INSERT, "85123A", "WHITE HANGING HEART", "decor", 255L, 1291191960000L));
  }

  @Test
  void aDeleteHasOnlyKeyAndVersion() throws BadRecord {
    Row row = parse(users, "7", "{\"op\":\"delete\",\"user_id\":\"7\",\"version\":5}");
    assertThat(row).isEqualTo(Row.ofKind(RowKind.DELETE, "7", null, null, 5L));
  }

  @Test
  void valuesOfADeleteAreIgnored() throws BadRecord {
    Row row =
        parse(users, "7", "{\"country\":\"DE\",\"op\":\"delete\",\"user_id\":\"7\",\"version\":5}");
    assertThat(row).isEqualTo(Row.ofKind(RowKind.DELETE, "7", null, null, 5L));
  }

  @Test
  void valuesMayBeNullAndFieldsMayComeInAnyOrder() throws BadRecord {
    Row row =
        parse(
            users,
            "7",
            "{\"version\":0,\"level\":null,\"user_id\":\"7\",\"country\":null,\"op\":\"upsert\"}");
    assertThat(row).isEqualTo(Row.of("7", null, null, 0L));
  }

  @Test
  void unknownFieldsAreSkippedWhateverTheyHold() throws BadRecord {
    Row row =
        parse(
            users,
            "7",
            "{\"op\":\"upsert\",\"tags\":[{\"op\":1}],\"user_id\":\"7\",\"country\":\"DE\","
                + "\"level\":3,\"version\":9,\"country_code\":{}}");
    assertThat(row).isEqualTo(Row.of("7", "DE", 3, 9L));
  }

  @Test
  void extremeValuesAreAccepted() throws BadRecord {
    String key = "\u00e9\uD83D\uDE00".repeat(ChangeParser.MAX_KEY_LENGTH / 3);
    assertThat(parse(users, key, user(key, "\"\"", "-2147483648", "" + Versions.MAX)))
        .isEqualTo(Row.of(key, "", Integer.MIN_VALUE, Versions.MAX));
    assertThat(
            parse(
                items,
                "1",
                "{\"op\":\"upsert\",\"item_id\":\"1\",\"title\":\"\",\"category\":\"\","
                    + "\"list_price\":-9223372036854775808,\"version\":0}"))
        .isEqualTo(Row.of("1", "", "", Long.MIN_VALUE, 0L));
  }

  @Test
  void aRecordAfterABadOneIsParsedIndependently() throws BadRecord {
    assertThatThrownBy(
            () -> parse(users, "7", "{\"op\":\"upsert\",\"user_id\":\"7\",\"country\":\"DE\"}"))
        .isInstanceOf(BadRecord.class);
    assertThatThrownBy(
            () -> parse(users, "7", "{\"op\":\"upsert\",\"user_id\":\"7\",\"version\":4}"))
        .hasMessage("missing-field: country");
  }

  /** A record that is not a valid change: its Kafka key, its payload, and the expected reason. */
  record Bad(ChangeReason reason, String detail, String key, String payload) {}

  static final List<Bad> BAD =
      List.of(
          new Bad(ChangeReason.NOT_JSON, "the record has no value", "7", null),
          new Bad(ChangeReason.NOT_JSON, "not a JSON object", "7", ""),
          new Bad(ChangeReason.NOT_JSON, "not a JSON object", "7", "[1]"),
          new Bad(ChangeReason.NOT_JSON, "not a JSON object", "7", "null"),
          new Bad(ChangeReason.NOT_JSON, "not well-formed JSON", "7", "hello"),
          new Bad(ChangeReason.NOT_JSON, "not well-formed JSON", "7", "{\"op\":\"upsert\""),
          new Bad(ChangeReason.NOT_JSON, "not well-formed JSON", "7", "{\"other\":[}"),
          new Bad(ChangeReason.NOT_JSON, "not well-formed JSON", "7", "{\"version\":01}"),
          new Bad(ChangeReason.NOT_JSON, "more than one JSON value", "7", user("7") + user("7")),
          new Bad(ChangeReason.MISSING_FIELD, "op", "7", "{\"user_id\":\"7\",\"version\":1}"),
          new Bad(ChangeReason.MISSING_FIELD, "op", "7", "{\"op\":null,\"user_id\":\"7\"}"),
          new Bad(ChangeReason.MISSING_FIELD, "user_id", "7", "{\"op\":\"delete\",\"version\":1}"),
          new Bad(
              ChangeReason.MISSING_FIELD,
              "user_id",
              "7",
              "{\"op\":\"delete\",\"user_id\":null,\"version\":1}"),
          new Bad(
              ChangeReason.MISSING_FIELD, "version", "7", "{\"op\":\"delete\",\"user_id\":\"7\"}"),
          new Bad(ChangeReason.MISSING_FIELD, "version", "7", user("7", "null", "1", "null")),
          new Bad(
              ChangeReason.MISSING_FIELD,
              "level",
              "7",
              "{\"op\":\"upsert\",\"user_id\":\"7\",\"country\":\"DE\",\"version\":1}"),
          new Bad(
              ChangeReason.DUPLICATE_FIELD,
              "version",
              "7",
              "{\"op\":\"delete\",\"user_id\":\"7\",\"version\":1,\"version\":2}"),
          new Bad(
              ChangeReason.DUPLICATE_FIELD,
              "level",
              "7",
              "{\"level\":null,\"op\":\"delete\",\"user_id\":\"7\",\"version\":1,\"level\":1}"),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "op is not text",
              "7",
              "{\"op\":1,\"user_id\":\"7\",\"version\":1}"),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "user_id is not text",
              "7",
              "{\"op\":\"delete\",\"user_id\":7}"),
          new Bad(ChangeReason.WRONG_TYPE, "country is not text", "7", user("7", "{}", "1", "1")),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "level is not a whole number",
              "7",
              user("7", "null", "\"1\"", "1")),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "level is not a whole number",
              "7",
              user("7", "null", "1.0", "1")),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "version is not a whole number",
              "7",
              user("7", "null", "1", "1e3")),
          new Bad(
              ChangeReason.WRONG_TYPE,
              "country contains an unpaired surrogate",
              "7",
              user("7", "\"\\ud800\"", "1", "1")),
          new Bad(
              ChangeReason.OUT_OF_RANGE,
              "level does not fit INT",
              "7",
              user("7", "null", "2147483648", "1")),
          new Bad(
              ChangeReason.OUT_OF_RANGE,
              "level does not fit INT",
              "7",
              user("7", "null", "1" + "0".repeat(30), "1")),
          new Bad(
              ChangeReason.OUT_OF_RANGE,
              "user_id is longer than 512 characters",
              "7",
              user("7".repeat(513))),
          new Bad(
              ChangeReason.OUT_OF_RANGE,
              "country is longer than 32768 characters",
              "7",
              user("7", "\"" + "x".repeat(32_769) + "\"", "1", "1")),
          new Bad(
              ChangeReason.UNKNOWN_OP,
              "op is neither upsert nor delete",
              "7",
              "{\"op\":\"Upsert\",\"user_id\":\"7\",\"version\":1}"),
          new Bad(ChangeReason.EMPTY_KEY, "user_id", "", user("")),
          new Bad(ChangeReason.KEY_MISMATCH, "the record's key is not its user_id", "8", user("7")),
          new Bad(ChangeReason.KEY_MISMATCH, "the record has no key", null, user("7")),
          new Bad(
              ChangeReason.VERSION_OUT_OF_RANGE,
              "version is not between 0 and 9223372036854775806",
              "7",
              user("7", "null", "1", "-1")),
          new Bad(
              ChangeReason.VERSION_OUT_OF_RANGE,
              "version is not between 0 and 9223372036854775806",
              "7",
              user("7", "null", "1", "9223372036854775807")),
          new Bad(
              ChangeReason.VERSION_OUT_OF_RANGE,
              "version is not between 0 and 9223372036854775806",
              "7",
              user("7", "null", "1", "92233720368547758070")));

  @ParameterizedTest
  @FieldSource("BAD")
  void anInvalidChangeIsRefusedWithTheReason(Bad bad) {
    assertThatThrownBy(() -> parse(users, bad.key(), bad.payload()))
        .isInstanceOfSatisfying(
            BadRecord.class,
            e -> {
              assertThat(e.reason()).isEqualTo(bad.reason());
              assertThat(e.detail()).isEqualTo(bad.detail());
              assertThat(e.getStackTrace()).isEmpty();
            });
  }

  @Test
  void everyReasonHasAnExample() {
    Set<ChangeReason> shown = EnumSet.of(ChangeReason.TOO_NEW); // tested separately
    BAD.forEach(bad -> shown.add(bad.reason()));
    assertThat(shown).containsExactlyInAnyOrder(ChangeReason.values());
  }

  static Stream<byte[]> bytesThatAreNoText() {
    byte[] broken = user("7", "\"?\"", "1", "1").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < broken.length; i++) {
      if (broken[i] == '?') {
        broken[i] = (byte) 0xff;
      }
    }
    return Stream.of(broken, new byte[] {0, 1, 2}, new byte[] {(byte) 0xc3});
  }

  @ParameterizedTest
  @MethodSource("bytesThatAreNoText")
  void bytesThatAreNotUtf8AreNotJson(byte[] payload) {
    assertThatThrownBy(() -> users.parse(new byte[] {'7'}, payload, ARRIVAL))
        .isInstanceOfSatisfying(
            BadRecord.class, e -> assertThat(e.reason()).isEqualTo(ChangeReason.NOT_JSON));
  }

  @Test
  void anyPrefixOfARecordIsRefused() {
    byte[] whole = user("7").getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> users.parse(new byte[] {'7'}, part, ARRIVAL))
          .isInstanceOf(BadRecord.class);
    }
  }

  @Test
  void aVersionBeyondTheLimitAheadOfTheArrivalIsRefused() throws BadRecord {
    ChangeParser bounded = parser("user", Duration.ofMinutes(5));
    long limit = ARRIVAL + 300_000;
    assertThat(parse(bounded, "7", user("7", "null", "1", "" + limit)).getField(3))
        .isEqualTo(limit);
    assertThatThrownBy(() -> parse(bounded, "7", user("7", "null", "1", "" + (limit + 1))))
        .isInstanceOfSatisfying(
            BadRecord.class, e -> assertThat(e.reason()).isEqualTo(ChangeReason.TOO_NEW))
        .hasMessageContaining("ahead of the record's arrival at 2010-12-01T08:26:00Z");
    String delete = "{\"op\":\"delete\",\"user_id\":\"7\",\"version\":" + Versions.MAX + "}";
    assertThatThrownBy(() -> parse(bounded, "7", delete))
        .isInstanceOfSatisfying(
            BadRecord.class, e -> assertThat(e.reason()).isEqualTo(ChangeReason.TOO_NEW));
  }

  private static ChangeParser parser(String name, Duration maxAhead) {
    Dimension dimension = Dimensions.builtIn(name);
    return new ChangeParser(dimension.columns(), dimension.keyColumns(), maxAhead);
  }

  private static Row parse(ChangeParser parser, String key, String payload) throws BadRecord {
    return parser.parse(
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        payload == null ? null : payload.getBytes(StandardCharsets.UTF_8),
        ARRIVAL);
  }

  private static String user(String id) {
    return user(id, "null", "1", "1");
  }

  private static String user(String id, String country, String level, String version) {
    return "{\"op\":\"upsert\",\"user_id\":\"%s\",\"country\":%s,\"level\":%s,\"version\":%s}"
        .formatted(id, country, level, version);
  }
}
