// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Maintenance.Difference.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowCountsTest {

  private static ShadowCounts counts(long compared, long mismatches) {
    return new ShadowCounts(
        compared, compared - mismatches, 0, Map.of(Kind.STALE, mismatches), 0, 0, 5, 9);
  }

  @Test
  void theTextComesBackEqual() {
    ShadowWindows some =
        new ShadowWindows(
            List.of(
                counts(10, 2),
                new ShadowCounts(9, 3, 4, Map.of(Kind.EXTRA, 1L, Kind.VALUE, 1L), 5, 6, 7, 8)));
    assertThat(ShadowWindows.parse(some.format())).isEqualTo(some);
    assertThat(ShadowWindows.parse(new ShadowWindows(List.of()).format()).windows()).isEmpty();
    assertThatThrownBy(() -> ShadowWindows.parse(some.format().replace("EXTRA", "x")))
        .hasMessageContaining("is not readable: '7 8 9 3 4 5 6 x:1 VALUE:1'");
  }

  @Test
  void windowsThatMayBeOlderAreLeftOut() {
    ShadowWindows windows =
        new ShadowWindows(
            List.of(
                new ShadowCounts(10, 10, 0, Map.of(), 0, 0, 1_000, 2_000),
                new ShadowCounts(5, 5, 0, Map.of(), 0, 0, 2_000, 3_000)));
    assertThat(windows.since(1_000).compared()).isEqualTo(15);
    assertThat(windows.since(1_001).compared()).as("one that began earlier").isEqualTo(5);
    assertThat(windows.since(1_001).sinceMillis()).isEqualTo(2_000);
    assertThat(windows.since(2_001)).isEqualTo(ShadowCounts.NONE);
  }

  @Test
  void sumsKeepTheFirstAndTheLastTime() {
    ShadowCounts sum =
        counts(10, 2)
            .plus(new ShadowCounts(1, 0, 1, Map.of(), 3, 4, 7, 20))
            .plus(ShadowCounts.NONE);
    assertThat(sum.compared()).isEqualTo(11);
    assertThat(sum.inFlight()).isEqualTo(1);
    assertThat(sum.dropped()).isEqualTo(3);
    assertThat(sum.failed()).isEqualTo(4);
    assertThat(sum.sinceMillis()).isEqualTo(5);
    assertThat(sum.untilMillis()).isEqualTo(20);
  }
}
