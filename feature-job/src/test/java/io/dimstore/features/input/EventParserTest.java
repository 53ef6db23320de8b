// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.jobs.records.BadRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {

  private static final String GOOD =
      "{\"event_id\":\"536365-1\",\"user_id\":\"17850\",\"item_id\":\"85123A\","
          + "\"event_type\":\"buy\",\"quantity\":6,\"amount\":1530,"
          + "\"event_time\":\"2010-12-01T08:26:00.000Z\"}";
  private static final long RECORD_TIME = Instant.parse("2010-12-01T09:00:00Z").toEpochMilli();

  private final EventParser parser = new EventParser(Duration.ofDays(1));

  @Test
  void aGoodEventIsReadWhole() throws BadRecord {
    assertThat(parser.parse(GOOD.getBytes(UTF_8), RECORD_TIME))
        .isEqualTo(
            new ParsedEvent(
                "536365-1",
                "17850",
                "85123A",
                EventKind.BUY,
                6,
                1530,
                Instant.parse("2010-12-01T08:26:00Z").toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"more\":{\"a\":[1,{\"event_id\":2}]},", // unknown fields are skipped, whatever they hold
        "  {\n",
        "{\"old\":null,"
      })
  void unknownFieldsAreSkipped(String begin) throws BadRecord {
    byte[] payload = (begin + GOOD.substring(1)).getBytes(UTF_8);
    assertThat(parser.parse(payload, RECORD_TIME).eventId()).isEqualTo("536365-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // replace         | by                          | reason             | detail
        "\"17850\"         | \"\"                        | empty-field        | user_id",
        "\"17850\"         | null                        | missing-field      | user_id",
        "\"17850\"         | 17850                       | wrong-type         | user_id",
        "\"17850\"         | [\"17850\"]                 | wrong-type         | user_id",
        "\"17850\"         | \"\\ud800x\"                | wrong-type         | user_id",
        "\"user_id\"       | \"userid\"                  | missing-field      | user_id",
        "\"item_id\"       | \"user_id\"                 | duplicate-field    | user_id",
        "\"event_time\"    | \"at\"                      | missing-field      | event_time",
        "\"buy\"           | \"Buy\"                     | unknown-event-type | event_type",
        ":6                | :-1                         | negative           | quantity",
        ":1530             | :-1530                      | negative           | amount",
        ":6                | :6.5                        | wrong-type         | quantity",
        ":6                | :6.0                        | wrong-type         | quantity",
        ":6                | :\"6\"                      | wrong-type         | quantity",
        ":6                | :true                       | wrong-type         | quantity",
        ":6                | :99999999999999999999       | out-of-range       | quantity",
        ":6                | :1000000001                 | out-of-range       | quantity",
        ":1530             | :1000000000001              | out-of-range       | amount",
        "2010-12-01T08:26:00.000Z | 2010-12-01 08:26:00  | impossible-time    | `not an ISO-8601`",
        "2010-12-01T08:26:00.000Z | 2010-02-30T08:26:00.000Z | impossible-time | `not an ISO-8601`",
        "2010-12-01T08:26:00.000Z | 2010-12-01T24:26:00.000Z | impossible-time | `not an ISO-8601`",
        "2010-12-01T08:26:00.000Z | 2010-12-0xT08:26:00.000Z | impossible-time | `not an ISO-8601`",
        "2010-12-01T08:26:00.000Z | 2010-12-02T09:00:00.001Z | too-new         | `more than PT24H ahead`",
        "2010-12-01T08:26:00.000Z | 1969-12-31T23:59:59.999Z | impossible-time | `1970 to 9999`",
        "2010-12-01T08:26:00.000Z | +10000-01-01T00:00:00Z   | impossible-time | `1970 to 9999`",
        "{                 | [                           | not-json           | `not a JSON object`",
        "}                 | `}{}`                       | not-json           | `more than one`",
        "}                 | `} x`                       | not-json           | `well-formed`",
        "}                 | `,`                         | not-json           | `well-formed`",
        ":6                | :06                         | not-json           | `well-formed`"
      })
  void aBadRecordIsRefusedWithItsReason(String part, String by, String reason, String detail) {
    assertThat(GOOD).contains(part);
    String bad = GOOD.replaceFirst(java.util.regex.Pattern.quote(part), quoted(by));
    assertRefused(bad.getBytes(UTF_8), reason, detail);
  }

  @Test
  void valuesThatAreNotTextAreRefused() {
    assertRefused(null, "not-json", "no value");
    assertRefused(new byte[0], "not-json", "not a JSON object");
    assertRefused("null".getBytes(UTF_8), "not-json", "not a JSON object");
    assertRefused(new byte[] {(byte) 0xff, 0, 1}, "not-json", "");
    assertRefused(GOOD.replace("17850", "\u00fc").getBytes(ISO_8859_1), "not-json", "well-formed");
    assertRefused(
        GOOD.replace("17850", "x".repeat(513)).getBytes(UTF_8), "out-of-range", "user_id");
  }

  @Test
  void aBadRecordLeavesNothingBehindForTheNext() throws BadRecord {
    assertRefused(GOOD.replace("\"amount\":1530,", "").getBytes(UTF_8), "missing-field", "amount");
    assertThat(parser.parse(GOOD.getBytes(UTF_8), RECORD_TIME).amount()).isEqualTo(1530);
  }

  @Test
  void limitsAreAccepted() throws BadRecord {
    String edge =
        GOOD.replace(":6", ":1000000000")
            .replace(":1530", ":1000000000000")
            .replace("17850", "\ud83d\ude00".repeat(256))
            .replace("2010-12-01T08:26", "2010-12-02T09:00");
    assertThat(parser.parse(edge.getBytes(UTF_8), RECORD_TIME).amount())
        .isEqualTo(1_000_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2010-12-01T08:26:00.123Z",
        "2000-02-29T23:59:59.999Z",
        "2010-12-01T08:26:00Z",
        "2010-12-01T08:26:00.5Z",
        "1970-01-01T00:00:00.000Z",
        "2010-12-01T08:26:00.123456Z",
        "9999-12-31T23:59:59.999Z"
      })
  void timesAreReadAsTheJdkReadsThem(String text) {
    assertThat(InstantText.millis(text)).isEqualTo(Instant.parse(text).toEpochMilli());
  }

  private void assertRefused(byte[] payload, String reason, String detail) {
    BadRecord bad = catchThrowableOfType(BadRecord.class, () -> parser.parse(payload, RECORD_TIME));
    assertThat(bad).isNotNull();
    assertThat(bad.reason().code()).isEqualTo(reason);
    assertThat(bad.detail()).contains(detail);
  }

  private static String quoted(String text) {
    return java.util.regex.Matcher.quoteReplacement(text);
  }
}
