package io.dimstore.hbaseredis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that no caller waits for: fills, which may be left out, and the removal of marks. Bounded
 * and thread-safe.
 */
final class Background {

  private static final Logger LOG = LoggerFactory.getLogger(Background.class);
  private static final int FILLS = 256;

  private final Semaphore fills = new Semaphore(FILLS);
  private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();

  /** Runs work that may be left out where too much is under way already; whether it was begun. */
  boolean tryRun(Supplier<? extends CompletionStage<?>> work) {
    if (!fills.tryAcquire()) {
      return false;
    }
    work.get().whenComplete((done, failure) -> fills.release());
    return true;
  }

  /** Runs work whose failure costs nothing but the work itself. */
  void run(CompletableFuture<?> work) {
    running.add(work);
    work.whenComplete(
        (done, failure) -> {
          running.remove(work);
          if (failure != null) {
            LOG.debug("Left for the repairer", failure);
          }
        });
  }

  /** Waits until what {@link #run} began has ended, or for a time. */
  void await(Duration limit) {
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("Left for the repairer", e);
    }
  }
}
