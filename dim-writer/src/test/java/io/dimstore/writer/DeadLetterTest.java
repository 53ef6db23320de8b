package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.writer.BadChange.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private static final Instant TIME = Instant.ofEpochMilli(1_291_191_960_000L);

  @Test
  void textIsKeptAsItIs() {
    assertThat(letter("7", "nö".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            Row.of(
                "not-json",
                "not a JSON object",
                "nö",
                "utf-8",
                3,
                "dim-user-changes",
                2,
                17L,
                TIME,
                "7"));
  }

  @Test
  void bytesThatAreNoTextAreKeptInBase64() {
    byte[] payload = {(byte) 0xff, 0, 1};
    Row letter = letter("7", payload);
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
  void whatIsTooLongForKafkaIsCutAndItsLengthKept() {
    byte[] payload = new byte[1_000_000];
    Arrays.fill(payload, (byte) 'x');
    Row letter = letter("7", payload);
    byte[] kept = Base64.getDecoder().decode((String) letter.getField(2));
    assertThat(kept).isEqualTo(Arrays.copyOf(payload, DeadLetter.MAX_PAYLOAD_BYTES));
    assertThat(letter.getField(4)).isEqualTo(1_000_000);
  }

  private static Row letter(String key, byte[] payload) {
    return DeadLetter.of(
        new BadChange(Reason.NOT_JSON, "not a JSON object"),
        Row.of(
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            payload,
            "dim-user-changes",
            2,
            17L,
            TIME));
  }
}
