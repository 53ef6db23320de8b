// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.read.ReadCall.Wanted;
import io.dimstore.interleavings.Threads;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Two calls read one key, one of them after a write, with a limit of two requests. */
final class ReadQueueScenario implements Runnable {

  private static final Key KEY = Key.of("k");
  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  @Override
  public void run() {
    Reads reads = new Reads(new ConcurrencyLimiter(2), new ReadQueue(2), new AtomicLong(1));
    CompletableFuture<?>[] answers = new CompletableFuture<?>[2];
    Threads.run(
        () -> {
          reads.stored.set(2);
          answers[0] = reads.begin();
        },
        () -> answers[1] = reads.begin());
    for (CompletableFuture<?> answer : answers) {
      require(answer.isDone() && !answer.isCompletedExceptionally(), "a read was not answered");
    }
  }

  /** Reads the stored version. */
  private record Reads(ConcurrencyLimiter requests, ReadQueue queue, AtomicLong stored) {

    CompletableFuture<?> begin() {
      long newest = stored.get();
      ReadCall<Put> call = new ReadCall<>(Put.class, 1, LATER);
      Wanted wanted = new Wanted(KEY, call);
      call.add(wanted);
      CompletableFuture<List<Put>> answer = call.begin(1);
      queue.add(List.of(wanted));
      requests.submit(this::send);
      return answer.thenAccept(
          rows -> require(rows.get(0).version() >= newest, "an answer misses a write before it"));
    }

    private CompletableFuture<Integer> send() {
      Map<Key, Wanted> batch = queue.next();
      Put found = new Put(KEY, Row.of("a", 1L), stored.get());
      for (Wanted first : batch.values()) {
        for (Wanted each = first; each != null; each = each.same()) {
          each.finds(found);
          each.answered();
        }
      }
      return CompletableFuture.completedFuture(batch.size());
    }
  }
}
