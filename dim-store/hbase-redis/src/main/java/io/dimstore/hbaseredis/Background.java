package io.dimstore.hbaseredis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that no caller waits for: the end of a mark, the settling of others' marks. What is left of
 * it when the store closes is left to the repair of another. Thread-safe.
 */
final class Background {

  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();

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
