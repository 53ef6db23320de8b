// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SerialQueueTest {

  private final SerialQueue turns = new SerialQueue();
  private final List<String> begun = new ArrayList<>();

  private CompletableFuture<String> begin(String name, CompletableFuture<String> work) {
    return turns.inTurn(
        () -> {
          begun.add(name);
          return work;
        });
  }

  @Test
  void oneEndsBeforeTheNextBegins() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> one = begin("one", first);
    CompletableFuture<String> two = begin("two", second);
    assertThat(begun).containsExactly("one");
    first.complete("a");
    assertThat(begun).containsExactly("one", "two");
    second.complete("b");
    assertThat(one).isCompletedWithValue("a");
    assertThat(two).isCompletedWithValue("b");
  }

  @Test
  void failureAffectsOnlyItsOwnTask() {
    CompletableFuture<String> thrown =
        turns.inTurn(
            () -> {
              throw new IllegalStateException("not begun");
            });
    CompletableFuture<String> error =
        turns.inTurn(
            () -> {
              throw new StackOverflowError("while it began");
            });
    CompletableFuture<String> failed =
        begin("failed", CompletableFuture.failedFuture(new IllegalStateException("failed")));
    CompletableFuture<String> next = begin("next", CompletableFuture.completedFuture("a"));
    assertThat(thrown).isCompletedExceptionally();
    assertThat(error).isCompletedExceptionally();
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompletedWithValue("a");
  }
}
