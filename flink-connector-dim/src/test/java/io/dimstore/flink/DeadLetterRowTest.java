// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

class DeadLetterRowTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_291_191_960_000L);

  @Test
  void textIsKeptAsItIs() {
    assertThat(letter(utf8("7"), utf8("n\u00f6")))
        .isEqualTo(
            Row.of("not-json", "no object", "n\u00f6", "utf-8", 3, "changes", 2, 17L, TIME, "7"));
  }

  @Test
  void theColumnsAreAsManyAsTheType() {
    assertThat(letter(utf8("7"), utf8("x")).getArity()).isEqualTo(DeadLetterRow.TYPE.getArity());
  }

  @Test
  void bytesThatAreNoTextAreKeptInBase64() {
    byte[] payload = {(byte) 0xff, 0, 1};
    Row letter = letter(utf8("7"), payload);
    assertThat(letter.getField(2)).isEqualTo(Base64.getEncoder().encodeToString(payload));
    assertThat(letter.getField(3)).isEqualTo("base64");
    assertThat(letter.getField(4)).isEqualTo(3);
  }

  @Test
  void aRecordWithoutKeyAndValueIsALetterToo() {
    Row letter = letter(null, null);
    assertThat(letter.getField(2)).isNull();
    assertThat(letter.getField(3)).isNull();
    assertThat(letter.getField(4)).isNull();
    assertThat(letter.getField(9)).isNull();
  }

  @Test
  void payloadAtTheLimitIsCompleteAndALongerOneIsTruncatedWithItsLengthKept() {
    byte[] most = filled(DeadLetterRow.MAX_PAYLOAD_BYTES);
    assertThat(letter(utf8("7"), most).getField(2))
        .isEqualTo(new String(most, StandardCharsets.UTF_8));
    Row letter = letter(utf8("7"), filled(DeadLetterRow.MAX_PAYLOAD_BYTES + 1));
    assertThat(letter.getField(3)).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode((String) letter.getField(2))).isEqualTo(most);
    assertThat(letter.getField(4)).isEqualTo(DeadLetterRow.MAX_PAYLOAD_BYTES + 1);
  }

  @Test
  void keyIsShownAsTextAndALongOneIsTruncated() {
    assertThat(letter(new byte[] {'a', (byte) 0xff}, null).getField(9)).isEqualTo("a\ufffd");
    assertThat((String) letter(filled(1_000_000), null).getField(9)).isEqualTo("x".repeat(4_096));
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Row letter(byte[] key, byte[] payload) {
    return DeadLetterRow.of(
        "not-json", "no object", key, payload, new DeadLetterRow.Place("changes", 2, 17L, TIME));
  }
}
