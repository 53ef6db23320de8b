// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowWorkloadTest {

  private final RowWorkload workload = new RowWorkload(1, 100);

  @Test
  void theRowsFollowTheSeed() {
    assertThat(new RowWorkload(1, 100).put(5, 3)).isEqualTo(workload.put(5, 3));
    assertThat(new RowWorkload(2, 100).put(5, 3)).isNotEqualTo(workload.put(5, 3));
  }

  @Test
  void noKeyRepeatsWithinAPassAndTheOrderFollowsTheRound() {
    assertThat(workload.keys(100, 30, 1).stream().flatMap(List::stream).toList())
        .hasSize(100)
        .doesNotHaveDuplicates();
    assertThat(workload.keys(100, 30, 1)).isNotEqualTo(workload.keys(100, 30, 2));
  }
}
