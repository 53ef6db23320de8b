package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AbsentShareTest {

  private final AbsentShare share = new AbsentShare();

  @Test
  void rowsAreNewUntilABatchWasNot() {
    assertThat(share.isLikely()).isTrue();
    for (int i = 0; i < 25; i++) {
      share.observe(false);
    }
    assertThat(share.isLikely()).isFalse();
    for (int i = 0; i < 25; i++) {
      share.observe(true);
    }
    assertThat(share.isLikely()).isTrue();
  }

  @Test
  void aMixIsTakenForTheKindThatMostOfItsRowsAre() {
    Random random = new Random(1);
    int wrong = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean absent = random.nextInt(5) == 0;
      wrong += share.isLikely() == absent ? 0 : 1;
      share.observe(absent);
    }
    assertThat(wrong).as("of 10,000 rows, a fifth of them new").isBetween(1_800, 2_300);
  }
}
