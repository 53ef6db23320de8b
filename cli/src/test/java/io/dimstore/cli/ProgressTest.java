// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringWriter err = new StringWriter();
  private long now = 7;
  private final Progress progress = new Progress(new PrintWriter(err), () -> now);

  @Test
  void stepsAreShownAtOnceAndUpdatesAtMostEveryTwoSeconds() {
    progress.step("loading");
    for (int i = 1; i <= 50; i++) {
      now += 100_000_000L;
      progress.update("rows", i * 1_000L, 90_000);
    }
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   0.0 s] loading
            [   2.0 s] rows: 20,000 of 90,000 (10,000/s, 7 s left)
            [   4.0 s] rows: 40,000 of 90,000 (10,000/s, 5 s left)
            """);
  }

  @Test
  void aLongTimeLeftIsInMinutesAndNoneIsShownAtTheEnd() {
    now += 2_000_000_000L;
    progress.update("rows", 200, 100_000);
    now += 2_000_000_000L;
    progress.update("rows", 100_000, 100_000);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   2.0 s] rows: 200 of 100,000 (100/s, 17 min left)
            [   4.0 s] rows: 100,000 of 100,000 (49,900/s)
            """);
  }

  /** The first row of a job that starts comes late, and is no reason to expect hours. */
  @Test
  void theFirstFewOfManyGiveNoTimeLeft() {
    now += 15_000_000_000L;
    progress.update("rows", 1, 10_000);
    now += 2_000_000_000L;
    progress.update("parts", 4, 16);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [  15.0 s] rows: 1 of 10,000 (0/s)
            [  17.0 s] parts: 4 of 16 (2/s, 6 s left)
            """);
  }

  /** A pause of one line is no reason to expect hours. */
  @Test
  void aStepThatPausesShowsItsTimeLeftByItsMeanRate() {
    now += 2_000_000_000L;
    progress.update("rows", 2_000, 10_000);
    now += 2_000_000_000L;
    progress.update("rows", 2_001, 10_000);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   2.0 s] rows: 2,000 of 10,000 (1,000/s, 8 s left)
            [   4.0 s] rows: 2,001 of 10,000 (1/s, 16 s left)
            """);
  }

  @Test
  void aCountThatDoesNotChangeIsRepeatedEveryTenSeconds() {
    for (int i = 0; i < 25; i++) {
      now += 1_000_000_000L;
      progress.update("rows", 0, 10_000);
    }
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   2.0 s] rows: 0 of 10,000 (0/s)
            [  12.0 s] rows: 0 of 10,000 (0/s)
            [  22.0 s] rows: 0 of 10,000 (0/s)
            """);
  }

  @Test
  void aLineInBetweenDoesNotChangeTheRate() {
    now += 2_000_000_000L;
    progress.update("rows", 1_000, -1);
    now += 1_900_000_000L;
    progress.update("rows", 2_900, -1);
    progress.step("a partition moved");
    now += 2_000_000_000L;
    progress.update("rows", 3_000, -1);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   2.0 s] rows: 1,000 (500/s)
            [   3.9 s] a partition moved
            [   5.9 s] rows: 3,000 (50/s)
            """);
  }

  @Test
  void anotherCountBeginsAtZero() {
    now += 2_000_000_000L;
    progress.update("users", 1_000, -1);
    now += 2_000_000_000L;
    progress.update("items", 600, -1);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   2.0 s] users: 1,000 (500/s)
            [   4.0 s] items: 600 (300/s)
            """);
  }

  @Test
  void aLineWithANewStepIsShownAtOnce() {
    progress.line("read: block 1");
    progress.line("read: block 2");
    progress.line("write: block 1");
    now += 2_000_000_000L;
    progress.line("write: block 9");
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   0.0 s] read: block 1
            [   0.0 s] write: block 1
            [   2.0 s] write: block 9
            """);
  }
}
