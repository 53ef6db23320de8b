// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.spi.Key;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RowBatchesTest {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  /** A response whose handling throws an error at the first row. */
  private static final class Broken implements RowBatches.Carrier<String> {
    private final List<RowAttempt> failed = new ArrayList<>();

    @Override
    public CompletableFuture<String> send(List<RowAttempt> batch, Deadline deadline) {
      return CompletableFuture.completedFuture("answer");
    }

    @Override
    public void complete(List<RowAttempt> batch, String answer, Throwable failure) {
      if (batch.get(0).write().key().equals(Key.of("k0"))) {
        throw new NoClassDefFoundError("decoder");
      }
      batch.forEach(row -> row.result().complete(true));
    }

    @Override
    public void fail(RowAttempt row, Throwable failure) {
      failed.add(row);
      row.result().completeExceptionally(failure);
    }

    @Override
    public void giveUp(RowAttempt row) {
      row.result().completeExceptionally(row.reasonToGiveUp());
    }
  }

  @Test
  void errorWhileAResponseIsHandledFailsItsRowsAndNoOthers() {
    Broken carrier = new Broken();
    RowBatches<String> batches = batches(2, new ConcurrencyLimiter(1), carrier);
    List<RowAttempt> rows = List.of(row("k0"), row("k1"), row("k2"));
    batches.add(rows);
    batches.flush();
    assertThat(rows.get(0).result())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(rows.get(1).result()).isCompletedExceptionally();
    assertThat(rows.get(2).result()).isCompletedWithValue(true);
    assertThat(carrier.failed)
        .as("the carrier keeps account of late attempts")
        .isEqualTo(rows.subList(0, 2));
  }

  /** A carrier whose requests end when the test says so. */
  private static class Slow implements RowBatches.Carrier<String> {
    private final List<List<RowAttempt>> sent = new ArrayList<>();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();

    @Override
    public CompletableFuture<String> send(List<RowAttempt> batch, Deadline deadline) {
      sent.add(batch);
      answers.add(new CompletableFuture<>());
      return answers.get(answers.size() - 1);
    }

    @Override
    public void complete(List<RowAttempt> batch, String answer, Throwable failure) {
      for (RowAttempt row : batch) {
        if (failure == null) {
          row.result().complete(true);
        } else {
          row.result().completeExceptionally(failure);
        }
      }
    }

    @Override
    public void fail(RowAttempt row, Throwable failure) {
      row.result().completeExceptionally(failure);
    }

    @Override
    public void giveUp(RowAttempt row) {
      row.result().completeExceptionally(row.reasonToGiveUp());
    }
  }

  @Test
  void rowsOfSmallCallsThatWaitForARequestShareIt() {
    Slow carrier = new Slow();
    RowBatches<String> batches = batches(25, new ConcurrencyLimiter(1), carrier);
    List<RowAttempt> rows = new ArrayList<>();
    for (int call = 0; call < 11; call++) {
      List<RowAttempt> own = List.of(row("a" + call), row("b" + call), row("c" + call));
      rows.addAll(own);
      batches.add(own);
      batches.flush();
    }
    assertThat(carrier.sent).containsExactly(rows.subList(0, 3));
    carrier.answers.get(0).complete("answer");
    carrier.answers.get(1).complete("answer");
    carrier.answers.get(2).complete("answer");
    assertThat(carrier.sent)
        .containsExactly(rows.subList(0, 3), rows.subList(3, 28), rows.subList(28, 33));
    assertThat(rows).allMatch(row -> row.result().isDone());
  }

  @Test
  void everyWaitingRowFailsWhenTheStoreCloses() {
    Slow carrier = new Slow();
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
    RowBatches<String> batches = batches(2, limiter, carrier);
    List<RowAttempt> rows = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      rows.add(row("k" + i));
    }
    batches.add(rows);
    batches.addAlone(row("alone"));
    batches.flush();
    limiter.close();
    carrier.answers.get(0).complete("answer");
    assertThat(carrier.sent).hasSize(1);
    assertThat(rows).allMatch(row -> row.result().isDone());
  }

  @Test
  void rowWhoseDeadlinePassesWhileItWaitsIsNotSent() {
    Slow carrier = new Slow();
    RowBatches<String> batches = batches(2, new ConcurrencyLimiter(1), carrier);
    RowAttempt late =
        new RowAttempt(
            new ItemWrite(Key.of("late"), 1, Map.of(), 1, null),
            Deadline.after(Duration.ZERO),
            true);
    RowAttempt first = row("first");
    RowAttempt last = row("last");
    batches.add(first);
    batches.flush();
    batches.add(List.of(late, last));
    batches.flush();
    carrier.answers.get(0).complete("answer");
    assertThat(carrier.sent).containsExactly(List.of(first), List.of(last));
    assertThat(late.result()).isCompletedExceptionally();
  }

  @Test
  void rowThatFollowsOneThatWasGivenUpIsSentAtOnce() {
    for (boolean alone : List.of(true, false)) {
      RowAttempt next = row("key");
      List<RowBatches<String>> own = new ArrayList<>();
      Slow carrier =
          new Slow() {
            @Override
            public void giveUp(RowAttempt row) {
              super.giveUp(row);
              own.get(0).add(List.of(next));
            }
          };
      // A request of another table has the only place until the row's deadline is over.
      ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
      CompletableFuture<String> another = new CompletableFuture<>();
      limiter.submit(() -> another);
      own.add(batches(1, limiter, carrier));
      RowAttempt late =
          new RowAttempt(
              new ItemWrite(Key.of("key"), 1, Map.of(), 1, null),
              Deadline.after(Duration.ZERO),
              true);
      if (alone) {
        own.get(0).addAlone(late);
      } else {
        own.get(0).add(List.of(late));
      }
      own.get(0).flush();
      assertThat(carrier.sent).isEmpty();
      another.complete("answer");
      assertThat(carrier.sent).as("alone: %s", alone).containsExactly(List.of(next));
    }
  }

  private static <R> RowBatches<R> batches(
      int most, ConcurrencyLimiter limiter, RowBatches.Carrier<R> carrier) {
    return new RowBatches<>(
        most,
        new StoreContext(null, new ConcurrencyLimiter(1), limiter, null, InstantSource.system()),
        carrier);
  }

  private static RowAttempt row(String key) {
    return new RowAttempt(new ItemWrite(Key.of(key), 1, Map.of(), 1, null), LATER, true);
  }
}
