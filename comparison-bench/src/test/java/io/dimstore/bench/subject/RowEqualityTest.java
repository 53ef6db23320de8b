// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.Put;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowEqualityTest {

  private final RowWorkload workload = new RowWorkload(1, 100);

  @Test
  void equalRowsAreCounted() {
    List<Put> rows = List.of(workload.put(0, 1), workload.put(1, 1));

    assertThat(RowEquality.require("read", rows, List.of(workload.put(0, 1), workload.put(1, 1))))
        .isEqualTo(2);
  }

  @Test
  void rowsThatDifferInAVersionAValueOrAtAllAreRefused() {
    Put row = workload.put(0, 1);

    assertThatThrownBy(() -> RowEquality.require("read", List.of(row), List.of(workload.put(0, 2))))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("read");
    assertThatThrownBy(() -> RowEquality.require("read", List.of(row), List.of()))
        .isInstanceOf(BenchException.class);
    assertThatThrownBy(
            () ->
                RowEquality.require(
                    "read", Arrays.asList((Object) null), Arrays.asList((Object) null)))
        .isInstanceOf(BenchException.class);
  }
}
