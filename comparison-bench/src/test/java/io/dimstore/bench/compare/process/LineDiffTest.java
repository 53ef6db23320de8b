// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineDiffTest {

  @Test
  void equalTextsHaveNoDifferences() {
    assertThat(LineDiff.of("a\nb", "a\nb")).isEmpty();
  }

  @Test
  void changedInsertedAndRemovedLinesAreReported() {
    assertThat(LineDiff.of("a\nb\nc\nd", "a\nx\nc\nd\ne")).containsExactly("- b", "+ x", "+ e");
    assertThat(LineDiff.of("a\nb", "b")).containsExactly("- a");
  }
}
