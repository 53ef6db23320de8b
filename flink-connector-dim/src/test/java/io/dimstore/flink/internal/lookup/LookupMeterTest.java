// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.ConvertersTest;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.BigIntType;
import org.junit.jupiter.api.Test;

class LookupMeterTest {

  private static final String TABLE = "dim.store.memory.table.t.";

  private final RecordedMetrics metrics = new RecordedMetrics();
  private final LookupMeter meter =
      new LookupMeter(
          ConvertersTest.table(
              new TableLayout(
                  "t", List.of("k"), List.of(new BigIntType(false)), List.of(0), Map.of()),
              null,
              true),
          metrics);

  @Test
  void lookupIsInFlightUntilItEndsAndThenInTheHistogram() {
    long first = meter.begin();
    long second = meter.begin();
    assertThat(metrics.value(TABLE + "lookups")).isEqualTo(2L);
    assertThat(metrics.value(TABLE + "lookupsInFlight")).isEqualTo(2L);
    meter.end(first, true);
    meter.end(second, false);
    meter.found();
    assertThat(metrics.value(TABLE + "lookupsInFlight")).isEqualTo(0L);
    assertThat(metrics.value(TABLE + "lookupsFailed")).isEqualTo(1L);
    assertThat(metrics.value(TABLE + "lookupsFound")).isEqualTo(1L);
    assertThat(metrics.histogram(TABLE + "lookupNanos").getStatistics().size()).isEqualTo(2);
  }
}
