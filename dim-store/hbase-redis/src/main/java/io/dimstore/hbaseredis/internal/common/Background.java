// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

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
 * Work that no caller waits for, such as the removal of a write intent or a repair. Work that has
 * not ended when the store closes is left to a later repair, by any process. Thread-safe.
 */
public final class Background {

  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();

  /** Tracks work until it ends. A failure is only logged: a repair does the same work later. */
  @SuppressWarnings("CollectionUndefinedEquality") // Equal by identity, as is meant.
  public void run(CompletableFuture<?> work) {
    running.add(work);
    work.whenComplete(
        (done, failure) -> {
          running.remove(work);
          if (failure != null) {
            LOG.debug("Left for the repairer", failure);
          }
        });
  }

  /** Waits until all work that was passed to {@link #run} has ended, or until the time limit. */
  public void await(Duration limit) {
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
