// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Maintenance.Difference.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowCountsTest {

  private static ShadowCounts counts(long compared, long mismatches) {
    return new ShadowCounts(
        compared, compared - mismatches, 0, Map.of(Kind.STALE, mismatches), 0, 0, 5, 9);
  }

  @Test
  void theTextComesBackEqual() {
    ShadowCounts some = counts(10, 2);
    ShadowCounts back = ShadowCounts.parse(some.format());
    assertThat(back.format()).isEqualTo(some.format());
    assertThat(back.mismatches()).isEqualTo(2);
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
