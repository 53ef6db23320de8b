// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DynamoDbClockTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private final Map<String, Long> said = new HashMap<>();
  private Instant local = NOW;
  private long nanos = 5;
  private final DynamoDbClock clock =
      new DynamoDbClock(
          () -> local,
          () -> nanos,
          new StoreMetrics() {
            @Override
            public void request(Request request) {}

            @Override
            public void count(String name, long delta) {
              said.merge(name, delta, Long::sum);
            }

            @Override
            public void gauge(String name, long value) {
              said.put(name, value);
            }
          });

  private void answer(Instant time) {
    clock.observe(DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC)));
  }

  private void pass(Duration time) {
    local = local.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void beforeTheFirstResponseItIsTheLocalTime() {
    assertThat(clock.instant()).isEqualTo(NOW);
    assertThat(clock.skewMillis()).isZero();
    clock.observe("no date");
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void theServicesTimeContinuesWhateverTheLocalClockDoes() {
    answer(NOW.plusSeconds(3600));
    pass(Duration.ofSeconds(10));
    local = NOW.minusSeconds(86_400);
    assertThat(clock.instant()).isBetween(NOW.plusSeconds(3610), NOW.plusSeconds(3611));
  }

  @Test
  void aDifferenceAndAJumpAreReported() {
    answer(NOW);
    assertThat(said.get("clock.skew.ms")).isBetween(0L, 1_000L);
    assertThat(clock.skewMillis()).as("not noticeable").isZero();
    pass(Duration.ofSeconds(2));
    local = local.minusSeconds(60);
    answer(NOW.plusSeconds(2));
    assertThat(said).containsEntry("clock.jump", 1L);
    assertThat(said.get("clock.skew.ms")).isBetween(60_000L, 61_000L);
    assertThat(clock.skewMillis()).isBetween(60_000L, 61_000L);
    pass(Duration.ofSeconds(2));
    answer(NOW.plusSeconds(4));
    assertThat(said).as("no further jump").containsEntry("clock.jump", 1L);
  }
}
