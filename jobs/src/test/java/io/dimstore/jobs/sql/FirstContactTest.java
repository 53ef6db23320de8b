// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FirstContactTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private long classes = 1_000;
  private int calls;

  /** A call of the test's store, which ends in the next of these ways. */
  private final Queue<CompletionStage<Void>> answers = new ArrayDeque<>();

  private static CompletionStage<Void> failed(Kind kind) {
    return CompletableFuture.failedFuture(new StoreException(kind, "no answer"));
  }

  private void await(int loadedByEachCall, Duration limit) throws InterruptedException {
    new FirstContact(() -> classes)
        .await(
            () -> {
              calls++;
              CompletionStage<Void> answer = answers.remove();
              return new CompletableFuture<Void>()
                  .completeAsync(
                      () -> {
                        classes += loadedByEachCall;
                        return null;
                      })
                  .thenCompose(done -> answer);
            },
            limit,
            "Store 'x'");
  }

  @Test
  void aSilentServerIsReportedAtOnce() {
    answers.addAll(List.of(failed(Kind.TIMEOUT), failed(Kind.TIMEOUT)));
    assertThatThrownBy(() -> await(3, LONG)).hasMessage("no answer");
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void aCallThatTimesOutWhileClassesAreLoadedIsRepeated() throws Exception {
    answers.addAll(
        List.of(
            failed(Kind.TIMEOUT),
            failed(Kind.TIMEOUT),
            CompletableFuture.completedFuture((Void) null)));
    await(500, LONG);
    assertThat(calls).isEqualTo(3);
  }

  @Test
  void theNumberOfAttemptsIsBounded() {
    for (int i = 0; i < 9; i++) {
      answers.add(failed(Kind.TIMEOUT));
    }
    assertThatThrownBy(() -> await(500, LONG)).hasMessage("no answer");
    assertThat(calls).isEqualTo(4);
  }

  @Test
  void anAnswerIsNeverAskedForAgain() {
    answers.addAll(List.of(failed(Kind.NO_TABLE), failed(Kind.NO_TABLE)));
    assertThatThrownBy(() -> await(500, LONG))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_TABLE));
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void aCallThatNeverEndsIsEndedAtTheLimit() {
    answers.add(new CompletableFuture<>());
    assertThatThrownBy(() -> await(3, Duration.ofMillis(20)))
        .hasMessage("Store 'x' did not answer within 20 ms");
  }
}
