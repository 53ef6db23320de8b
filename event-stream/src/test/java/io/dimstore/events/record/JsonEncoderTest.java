// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEncoderTest {

  private static final long TIME = Instant.parse("2010-12-01T08:26:00Z").toEpochMilli();

  private final JsonEncoder encoder = new JsonEncoder();

  @Test
  void anEvent() {
    Event event = new Event("536365-1", "17850", "85123A", EventType.BUY, 6, 1530, TIME);

    assertThat(value(event))
        .isEqualTo(
            "{\"event_id\":\"536365-1\",\"user_id\":\"17850\",\"item_id\":\"85123A\","
                + "\"event_type\":\"buy\",\"quantity\":6,\"amount\":1530,"
                + "\"event_time\":\"2010-12-01T08:26:00.000Z\"}");
    assertThat(encoder.key(event)).asString(StandardCharsets.UTF_8).isEqualTo("17850");
  }

  @Test
  void aUserChange() {
    UserChange change = UserChange.upsert("17850", "United Kingdom", null, 1291191960000L, TIME);

    assertThat(value(change))
        .isEqualTo(
            "{\"op\":\"upsert\",\"user_id\":\"17850\",\"country\":\"United Kingdom\","
                + "\"level\":null,\"version\":1291191960000}");
    assertThat(encoder.key(change)).asString(StandardCharsets.UTF_8).isEqualTo("17850");
    assertThat(value(UserChange.upsert("1", null, 3, 7, TIME)))
        .isEqualTo(
            "{\"op\":\"upsert\",\"user_id\":\"1\",\"country\":null,\"level\":3,\"version\":7}");
  }

  @Test
  void aUserDelete() {
    assertThat(value(UserChange.delete("17850", 5, TIME)))
        .isEqualTo("{\"op\":\"delete\",\"user_id\":\"17850\",\"version\":5}");
  }

  @Test
  void anItemChange() {
    ItemChange change = ItemChange.upsert("85123A", "WHITE \"HEART\"", null, 255L, 8, TIME);

    assertThat(value(change))
        .isEqualTo(
            "{\"op\":\"upsert\",\"item_id\":\"85123A\",\"title\":\"WHITE \\\"HEART\\\"\","
                + "\"category\":null,\"list_price\":255,\"version\":8}");
    assertThat(encoder.key(change)).asString(StandardCharsets.UTF_8).isEqualTo("85123A");
    assertThat(value(ItemChange.upsert("1", null, "2520377", null, 9, TIME)))
        .isEqualTo(
            "{\"op\":\"upsert\",\"item_id\":\"1\",\"title\":null,\"category\":\"2520377\","
                + "\"list_price\":null,\"version\":9}");
  }

  @Test
  void anItemDelete() {
    assertThat(value(ItemChange.delete("85123A", 5, TIME)))
        .isEqualTo("{\"op\":\"delete\",\"item_id\":\"85123A\",\"version\":5}");
  }

  @Test
  void aRefusedLine() {
    assertThat(encoder.value(new RefusedLine(623, "unreadable-line", "a,\"b")))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"line\":623,\"reason\":\"unreadable-line\",\"raw\":\"a,\\\"b\"}");
  }

  @Test
  void everyEventTypeHasItsWord() {
    assertThat(EventType.values())
        .extracting(EventType::text)
        .containsExactly("view", "cart", "favorite", "buy", "return");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"",
        "\\",
        "\\u0041",
        "/",
        "a\tb\nc\rd\be\f",
        "\u0000\u0001\u001f\u007f",
        "£ grün 茶碗",
        "\uD83D\uDE00 astral",
        "\u2028\u2029",
        "null"
      })
  void everyTextComesBackAsItWas(String text) throws IOException {
    byte[] value = encoder.value(ItemChange.upsert("k", text, text, 1L, 1, TIME));

    try (JsonParser parser = new JsonFactory().createParser(value)) {
      parser.nextToken();
      int seen = 0;
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        if (name.equals("title") || name.equals("category")) {
          assertThat(parser.getText()).isEqualTo(text);
          seen++;
        }
      }
      assertThat(seen).isEqualTo(2);
    }
  }

  @Test
  void textBeyondAsciiIsNotEscaped() {
    assertThat(value(ItemChange.upsert("k", "£", null, null, 1, TIME))).contains("\"£\"");
  }

  @Test
  void longTextFits() {
    String text = "x".repeat(100_000);

    assertThat(value(ItemChange.upsert("k", text, null, null, 1, TIME))).contains(text);
  }

  @Test
  void textThatUtf8CannotHoldFails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.value(ItemChange.upsert("k", "\uD83D", null, null, 1, TIME)));
  }

  @Test
  void timesAlwaysHaveMilliseconds() {
    DateTimeFormatter iso =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long time = i == 0 ? EventTimes.MAX : i == 1 ? 0 : random.nextLong(EventTimes.MAX);
      assertThat(value(new Event("e", "u", "i", EventType.VIEW, 1, 0, time)))
          .endsWith("\"event_time\":\"" + iso.format(Instant.ofEpochMilli(time)) + "\"}");
    }
  }

  @Test
  void valuesDoNotDependOnWhatWasEncodedBefore() {
    String alone = value(UserChange.delete("1", 5, TIME));
    value(ItemChange.upsert("k", "a long title that fills the buffer", "c", 1L, 1, TIME));

    assertThat(value(UserChange.delete("1", 5, TIME))).isEqualTo(alone);
  }

  private String value(StreamRecord record) {
    return new String(encoder.value(record), StandardCharsets.UTF_8);
  }
}
