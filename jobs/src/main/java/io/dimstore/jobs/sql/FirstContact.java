// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.Durations;
import io.dimstore.spi.StoreException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits for the first answer of a store. On a busy machine, the time of the call may end while this
 * process still loads the classes of the store's client. Then it is not the server that is silent,
 * and the call is repeated. Not thread-safe.
 */
final class FirstContact {

  private static final int ATTEMPTS = 4;

  /** More classes than a client that only waits for an answer loads in two slices. */
  private static final int MANY_CLASSES = 10;

  private static final Duration SLICE = Duration.ofSeconds(1);

  private final LongSupplier loadedClasses;

  FirstContact() {
    this(ManagementFactory.getClassLoadingMXBean()::getTotalLoadedClassCount);
  }

  FirstContact(LongSupplier loadedClasses) {
    this.loadedClasses = loadedClasses;
  }

  /**
   * Waits for a call, but no longer than the limit for each attempt.
   *
   * @param what names the server in the message
   * @throws StoreException the failure of the last attempt; TIMEOUT at the limit
   */
  void await(Supplier<CompletionStage<Void>> call, Duration limit, String what)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      // The last slice may be short, so the two last ones count: before, between and after them.
      long before = loadedClasses.getAsLong();
      long between = before;
      long after = before;
      CompletableFuture<Void> answer = call.get().toCompletableFuture();
      long end = System.nanoTime() + limit.toNanos();
      while (!answer.isDone() && System.nanoTime() < end) {
        waitForSlice(answer);
        before = between;
        between = after;
        after = loadedClasses.getAsLong();
      }
      after = loadedClasses.getAsLong();
      try {
        if (!answer.isDone()) {
          throw new StoreException(
              StoreException.Kind.TIMEOUT,
              what + " did not answer within " + Durations.format(limit));
        }
        StoreCalls.await(answer);
        return;
      } catch (StoreException e) {
        boolean loads = after - before >= MANY_CLASSES;
        if (e.kind() != StoreException.Kind.TIMEOUT || !loads || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void waitForSlice(CompletableFuture<Void> answer) throws InterruptedException {
    try {
      answer.get(SLICE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The caller finds out.
    }
  }
}
