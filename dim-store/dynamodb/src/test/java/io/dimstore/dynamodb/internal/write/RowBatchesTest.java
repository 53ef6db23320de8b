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
    RowBatches<String> batches =
        new RowBatches<>(
            2,
            new StoreContext(
                null,
                new ConcurrencyLimiter(1),
                new ConcurrencyLimiter(1),
                null,
                InstantSource.system()),
            carrier);
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

  private static RowAttempt row(String key) {
    return new RowAttempt(new ItemWrite(Key.of(key), 1, Map.of(), 1, null), LATER, true);
  }
}
