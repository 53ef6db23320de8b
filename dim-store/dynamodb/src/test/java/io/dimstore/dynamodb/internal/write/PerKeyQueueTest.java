// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PerKeyQueueTest {

  private final PerKeyQueue queue = new PerKeyQueue();
  private final List<String> begun = new ArrayList<>();

  private CompletableFuture<String> submit(
      String key, String name, CompletableFuture<String> work) {
    return queue.submit(
        Key.of(key),
        () -> {
          begun.add(name);
          return work;
        });
  }

  @Test
  void writesOfOneKeyRunInOrderAndThoseOfOtherKeysConcurrently() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> a1 = submit("a", "a1", first);
    CompletableFuture<String> a2 = submit("a", "a2", second);
    submit("b", "b1", new CompletableFuture<>());
    assertThat(begun).containsExactly("a1", "b1");
    first.complete("1");
    assertThat(a1).isCompletedWithValue("1");
    assertThat(begun).containsExactly("a1", "b1", "a2");
    submit("a", "a3", new CompletableFuture<>());
    assertThat(begun).doesNotContain("a3");
    second.complete("2");
    assertThat(a2).isCompletedWithValue("2");
    assertThat(begun).endsWith("a3");
  }

  @Test
  void aFailedWriteDoesNotBlockTheNext() {
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<String> failed = submit("a", "a1", failing);
    CompletableFuture<String> next = submit("a", "a2", CompletableFuture.completedFuture("ok"));
    failing.completeExceptionally(new IllegalStateException());
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompletedWithValue("ok");
  }

  @Test
  void writeThatThrowsAnErrorDoesNotBlockTheNext() {
    CompletableFuture<String> failed =
        queue.submit(
            Key.of("a"),
            () -> {
              throw new StackOverflowError("while it began");
            });
    CompletableFuture<String> next = submit("a", "a2", CompletableFuture.completedFuture("ok"));
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompletedWithValue("ok");
  }

  @Test
  void aLongQueueThatFailsAtOnceDoesNotOverflowTheStack() {
    CompletableFuture<String> first = new CompletableFuture<>();
    submit("a", "first", first);
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      all.add(submit("a", "x", CompletableFuture.failedFuture(new IllegalStateException())));
    }
    first.complete("1");
    assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(submit("a", "after", CompletableFuture.completedFuture("ok")))
        .isCompletedWithValue("ok");
  }
}
