// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {

  private final JsonBuffer json = new JsonBuffer();

  @ParameterizedTest
  @CsvSource({
    "2010-12-01T08:26:00Z, 2010-12-01T08:26:00Z",
    "2010-12-01T08:26:05.100Z, 2010-12-01T08:26:05.1Z",
    "2010-12-01T08:26:05.120Z, 2010-12-01T08:26:05.12Z",
    "2010-12-01T08:26:05.003Z, 2010-12-01T08:26:05.003Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z"
  })
  void aShortTimeHasNoTrailingZeros(String instant, String text) {
    json.shortTime(Instant.parse(instant).toEpochMilli());
    assertThat(written()).isEqualTo("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 99, 100, -1, 1_234_567, Long.MAX_VALUE, Long.MIN_VALUE})
  void aNumberIsDecimal(long number) {
    json.number(number);
    assertThat(written()).isEqualTo(Long.toString(number));
  }

  @Test
  void aLongRowFitsAndIsRemoved() {
    String text = "x".repeat(5_000);
    json.text(text).bool(true).text(null);
    assertThat(written()).isEqualTo("\"" + text + "\"truenull");
    json.clear().bool(false);
    assertThat(written()).isEqualTo("false");
  }

  private String written() {
    return new String(json.copy(), StandardCharsets.UTF_8);
  }
}
