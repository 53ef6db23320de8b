// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.interleavings.Threads;
import io.dimstore.spi.Key;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Two threads write two rows each, with a limit of one request of two rows. */
final class RowBatchesScenario implements Runnable {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  @Override
  public void run() {
    RowBatches<Integer> batches =
        new RowBatches<>(
            2,
            new StoreContext(
                null,
                new ConcurrencyLimiter(1),
                new ConcurrencyLimiter(1),
                null,
                InstantSource.system()),
            new Writing());
    List<RowAttempt> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add(new RowAttempt(new ItemWrite(Key.of("k" + i), 1, Map.of(), 1, null), LATER, true));
    }
    Threads.run(
        () -> write(batches, rows.get(0), rows.get(1)),
        () -> write(batches, rows.get(2), rows.get(3)));
    for (RowAttempt row : rows) {
      require(row.result().isDone(), "a row was not sent");
      require(!row.result().isCompletedExceptionally(), "a row was sent twice");
    }
  }

  private static void write(RowBatches<Integer> batches, RowAttempt... rows) {
    for (RowAttempt row : rows) {
      batches.add(row);
    }
    batches.flush();
  }

  /** Completes each row; a row that is complete already fails the request. */
  private static final class Writing implements RowBatches.Carrier<Integer> {

    @Override
    public CompletableFuture<Integer> send(List<RowAttempt> batch, Deadline deadline) {
      return CompletableFuture.completedFuture(batch.size());
    }

    @Override
    public void complete(List<RowAttempt> batch, Integer answer, Throwable failure) {
      for (RowAttempt row : batch) {
        if (!row.result().complete(true)) {
          row.result().obtrudeException(new IllegalStateException("sent twice"));
        }
      }
    }

    @Override
    public void fail(RowAttempt row, Throwable failure) {
      row.result().obtrudeException(failure);
    }

    @Override
    public void giveUp(RowAttempt row) {
      row.result().obtrudeException(row.reasonToGiveUp());
    }
  }
}
