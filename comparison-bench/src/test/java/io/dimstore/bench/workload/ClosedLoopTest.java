// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

  @Test
  void everyBatchIsCalledOnceAndNoMoreThanAllowedAtATime() {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> called = Collections.synchronizedList(new java.util.ArrayList<>());
    List<Integer> batches = IntStream.range(0, 500).boxed().toList();

    ClosedLoop.run(
        batches,
        3,
        batch ->
            CompletableFuture.runAsync(
                () -> {
                  most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                  called.add(batch);
                  inFlight.decrementAndGet();
                }));

    assertThat(called).containsExactlyInAnyOrderElementsOf(batches);
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void callsThatEndAtOnceDoNotPileUp() {
    List<Integer> batches = IntStream.range(0, 200_000).boxed().toList();
    AtomicInteger called = new AtomicInteger();

    ClosedLoop.run(
        batches, 2, batch -> CompletableFuture.completedFuture(called.incrementAndGet()));

    assertThat(called).hasValue(200_000);
  }

  @Test
  void aFailureEndsTheRunAndIsNamed() {
    assertThatThrownBy(
            () ->
                ClosedLoop.run(
                    List.of(1, 2, 3),
                    1,
                    batch ->
                        batch == 2
                            ? CompletableFuture.failedFuture(new IllegalStateException("no row"))
                            : CompletableFuture.completedFuture(batch)))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("no row");
  }
}
