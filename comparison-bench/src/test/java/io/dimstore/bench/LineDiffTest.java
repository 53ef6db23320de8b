package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineDiffTest {

  @Test
  void equalTextsDifferInNothing() {
    assertThat(LineDiff.of("a\nb", "a\nb")).isEmpty();
  }

  @Test
  void changedInsertedAndRemovedLinesAreTold() {
    assertThat(LineDiff.of("a\nb\nc\nd", "a\nx\nc\nd\ne")).containsExactly("- b", "+ x", "+ e");
    assertThat(LineDiff.of("a\nb", "b")).containsExactly("- a");
  }
}
